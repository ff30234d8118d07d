import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { expect } from 'chai';
import { clientConfig } from '../../../tools/local/account.ts';
import { Gateway } from '../../../tools/local/gateway.ts';
import { freePort } from '../../../tools/local/service.ts';
import { type ScriptedEmulator, startScriptedEmulator } from './scripted-emulator.ts';

describe('Pages of a log group', () => {
  let emulator: ScriptedEmulator;
  let gateway: Gateway;
  let logs: CloudWatchLogsClient;
  let events: { readonly timestamp: number; readonly message: string }[];

  beforeEach(async () => {
    // As MiniStack: the first lines from a time on, and not a word of others.
    emulator = await startScriptedEmulator(({ body }) => {
      const { startTime = 0, limit } = JSON.parse(body);
      const found = events.filter(({ timestamp }) => timestamp >= startTime).slice(0, limit);
      return { body: JSON.stringify({ events: found, searchedLogStreams: [] }) };
    });
    const port = await freePort();
    gateway = await Gateway.start(port, emulator.port);
    logs = new CloudWatchLogsClient(clientConfig(`http://127.0.0.1:${port}`));
  });
  afterEach(() => Promise.all([gateway.stop(), emulator.stop()]));

  /** What each page has. */
  const pages = async (limit?: number) => {
    const messages: string[][] = [];
    let nextToken: string | undefined;
    do {
      const page = await logs.send(new FilterLogEventsCommand({ logGroupName: 'g', startTime: 1, limit, nextToken }));
      messages.push((page.events ?? []).map(({ message = '' }) => message));
      nextToken = page.nextToken;
    } while (nextToken);
    return messages;
  };

  it('have so many lines, also where one ends inside of a millisecond', async () => {
    events = [0, 1, 1, 1, 1, 1, 2].map((timestamp, i) => ({ timestamp, message: `${i}` }));
    expect(await pages(2)).to.deep.equal([
      ['1', '2'],
      ['3', '4'],
      ['5', '6'],
    ]);
    expect(await pages()).to.deep.equal([['1', '2', '3', '4', '5', '6']]);
  });

  it('have 1 MB or 10,000 lines at most', async () => {
    events = Array.from({ length: 25_000 }, (_, i) => ({ timestamp: 1 + Math.floor(i / 3), message: `${i}` }));
    const found = await pages();
    for (const { length } of found) expect(length).to.be.within(1, 10_000);
    expect(found.flat()).to.deep.equal(events.map(({ message }) => message));
    events = Array.from({ length: 5 }, (_, i) => ({ timestamp: 1, message: `${i}`.repeat(400_000) }));
    expect((await pages()).map(({ length }) => length)).to.deep.equal([2, 2, 1]);
  });

  it('are one without lines where there is none', async () => {
    events = [];
    expect(await pages()).to.deep.equal([[]]);
  });
});
