import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { Ledger } from '../../function/ledger.ts';
import { metricRecord } from '../../function/metrics.ts';
import { ALARMS as HOST_ALARMS } from '../../modules/loki/alarm-names.ts';
import { ALARMS } from '../../modules/shipper/alarm-names.ts';

describe('The runbook', () => {
  const text = readFileSync('docs/operations.md', 'utf8');

  for (const name of [...ALARMS, ...HOST_ALARMS])
    it(`says of the alarm ${name} what it means and what to look at`, () => {
      const section = text.split(`\n### ${name}\n`)[1]?.split('\n### ')[0];
      expect(section).to.match(/^\n\*\*Means\*\*: .+\n\n\*\*Look at\*\*: /);
    });

  it('explains every metric', () => {
    const everything = new Ledger();
    for (const name of Object.keys(everything)) if (name !== 'parked') Object.assign(everything, { [name]: 1 });
    Object.assign(everything, { received: 9, newest: 0, oldest: 0 });
    everything.park('line_too_long', 1);
    const record = JSON.parse(metricRecord(everything, { functionName: '', requestId: '', logGroup: '', now: 1 }));
    const names = record._aws.CloudWatchMetrics[0].Metrics.map(({ Name }: { Name: string }) => Name);
    expect(names).to.have.length.above(18);
    for (const name of names) expect(text).to.include(`\`${name}\``);
  });

  it('looks for errors by names that the functions throw', () => {
    const [, pattern = ''] = /--filter-pattern '(.+)'/.exec(text) ?? [];
    const names = Array.from(pattern.matchAll(/\?(\w+)/g), ([, name]) => name);
    expect(names).to.include('LokiUnreachable');
    const sources = readdirSync('function', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(`function/${file}`, 'utf8'));
    for (const name of names) expect(sources.join('')).to.include(`class ${name} extends LokiShipperError`);
  });

  it('has the sections that it refers to', () => {
    for (const [, anchor = ''] of text.matchAll(/\]\(#([^)]+)\)/g))
      expect(text.toLowerCase().replaceAll(' ', '-')).to.match(new RegExp(`\n#+-${anchor}\n`));
  });
});
