import { expect } from 'chai';
import { createdGroup } from '../../../function/registry/born.ts';
import { NAME, RegistryScene, type SELECTION } from '../../support/registry-scene.ts';
import { failure } from '../failure.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html */
const event = (detail: object = {}) => ({
  version: '0',
  'detail-type': 'AWS API Call via CloudTrail',
  source: 'aws.logs',
  account: '123456789012',
  region: 'eu-central-1',
  detail: {
    eventSource: 'logs.amazonaws.com',
    eventName: 'CreateLogGroup',
    requestParameters: { logGroupName: '/p/new' },
    responseElements: null,
    ...detail,
  },
});

async function given(selection: Partial<typeof SELECTION> = {}): Promise<RegistryScene> {
  const scene = new RegistryScene();
  await scene.select({ prefixes: ['/p/'], log_group_tags: { owner: 'platform' }, ...selection });
  scene.fake.create('/p/new', { billing: 'theirs' });
  return scene;
}

describe('An event of CloudTrail', () => {
  it('names the log group that was created', () => {
    expect(createdGroup(event())).to.equal('/p/new');
  });

  const OTHERS = [
    { ...event(), source: 'aws.s3' },
    event({ eventName: 'DeleteLogGroup' }),
    event({ errorCode: 'ResourceAlreadyExistsException' }),
    event({ requestParameters: null }),
    { source: 'aws.logs' },
    { action: 'reconcile' },
    null,
  ];
  for (const other of OTHERS)
    it(`is none, or of something else: ${JSON.stringify(other)}`, () => {
      expect(createdGroup(other)).to.equal(undefined);
    });
});

describe('A new log group', () => {
  it('is subscribed and tagged at once when it is wanted', async () => {
    const scene = await given();
    expect(await scene.announce('/p/new')).to.deep.equal({
      target: '/p/new',
      ok: true,
      error: null,
      subscribed: ['/p/new'],
      unsubscribed: [],
      tagged: ['/p/new'],
      untagged: [],
      wantedBy: ['prefix /p/'],
    });
    expect(scene.tagsOf('/p/new')).to.deep.equal({ billing: 'theirs', owner: 'platform' });
  });

  it('is known to the next run as the registrar’s own', async () => {
    const scene = await given({ managed_by: 'terraform' });
    await scene.announce('/p/new');
    await scene.run();
    await scene.select({ prefixes: [] });
    expect(await scene.run()).to.deep.include({ unsubscribed: ['/p/new'], untagged: ['/p/new'] });
  });

  const LEFT: Readonly<Record<string, (scene: RegistryScene) => unknown>> = {
    'nobody asks for it': (scene) => scene.select({ prefixes: [] }),
    'new groups are not followed': (scene) => scene.select({ follow: false }),
    'there are as many as are allowed': (scene) => scene.select({ max_log_groups: 0 }),
    'it is of another class': ({ fake }) => fake.create('/p/new', {}, 'INFREQUENT_ACCESS'),
    'it is gone already': ({ fake }) => fake.groups.delete('/p/new'),
  };
  for (const [reason, prepare] of Object.entries(LEFT))
    it(`is left alone when ${reason}`, async () => {
      const scene = await given();
      await prepare(scene);
      expect(await scene.announce('/p/new')).to.deep.include({ ok: true, subscribed: [], tagged: [] });
      expect(scene.subscribed).to.deep.equal({});
    });

  it('fails the invocation when it cannot be subscribed', async () => {
    const scene = await given();
    const destination = 'arn:aws:lambda:eu-central-1:123456789012:function:theirs';
    scene.fake.groups.get('/p/new')?.filters.set(NAME, { destination, pattern: '' });
    const error = await failure(scene.announce('/p/new'));
    expect(error.stack).to.match(/^NotBrought: Log group \/p\/new has a subscription filter loki-shipper to arn:/);
  });
});
