import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { expect } from 'chai';
import { clientConfig } from '../../../tools/local/account.ts';
import { Gateway } from '../../../tools/local/gateway.ts';
import { freePort } from '../../../tools/local/service.ts';
import { type Answer, type Request, type ScriptedEmulator, startScriptedEmulator } from './scripted-emulator.ts';

describe('An account with a trail', () => {
  let emulator: ScriptedEmulator;
  let gateway: Gateway;
  let logs: CloudWatchLogsClient;
  let created: Answer;

  beforeEach(async () => {
    created = { body: '{}' };
    emulator = await startScriptedEmulator(answer);
    const port = await freePort();
    gateway = await Gateway.start(port, emulator.port);
    logs = new CloudWatchLogsClient(clientConfig(`http://127.0.0.1:${port}`));
  });
  afterEach(() => Promise.all([gateway.stop(), emulator.stop()]));

  /** An account with a rule that matches, one that does not, one that is off, and a schedule. */
  function answer({ headers, path, body }: Request): Answer {
    if (path.endsWith('/event-invoke-config')) return { status: 404 };
    if (path.endsWith('/invocations')) return { status: 202 };
    switch (String(headers['x-amz-target']).split('.')[1]) {
      case 'CreateLogGroup':
        return created;
      case 'ListRules':
        return json({
          Rules: [
            { Name: 'matching', EventPattern: '{"source":["aws.logs"]}', State: 'ENABLED' },
            { Name: 'other', EventPattern: '{"source":["aws.s3"]}', State: 'ENABLED' },
            { Name: 'off', EventPattern: '{"source":["aws.logs"]}', State: 'DISABLED' },
            { Name: 'schedule', State: 'ENABLED' },
          ],
        });
      case 'TestEventPattern':
        return json({ Result: JSON.parse(body).EventPattern.includes('aws.logs') });
      default:
        return json({
          Targets: [{ Id: '1', Arn: `arn:aws:lambda:eu-central-1:123456789012:function:${JSON.parse(body).Rule}` }],
        });
    }
  }

  const create = () => logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/lambda/fun' }));
  const invocations = () => emulator.seen.filter(({ path }) => path.endsWith('/invocations'));

  it('tells the functions of matching rules of a new log group', async () => {
    gateway.keepTrail();
    await create();
    expect(invocations()).to.have.length(1);
    expect(decodeURIComponent(invocations()[0]?.path ?? '')).to.include(':function:matching/');
    expect(invocations()[0]?.headers['x-amz-invocation-type']).to.equal('Event');
    const event = JSON.parse(invocations()[0]?.body ?? '');
    expect(event).to.include({ source: 'aws.logs', 'detail-type': 'AWS API Call via CloudTrail' });
    expect(event.detail).to.deep.include({
      eventName: 'CreateLogGroup',
      requestParameters: { logGroupName: '/aws/lambda/fun' },
    });
  });

  it('tells nothing of a group that was not created', async () => {
    gateway.keepTrail();
    created = { status: 400, body: '{"__type":"ResourceAlreadyExistsException"}' };
    await create().catch(() => {});
    expect(invocations()).to.be.empty;
  });

  it('is none until it is asked for, nor afterwards', async () => {
    await create();
    gateway.keepTrail()();
    await create();
    expect(invocations()).to.be.empty;
  });
});

function json(content: object): Answer {
  return { body: JSON.stringify(content) };
}
