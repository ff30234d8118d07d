import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { handler } from '../../function/registrar.ts';
import { FakeAws } from '../support/fake-aws.ts';
import { outputOf } from '../support/output.ts';
import { failure } from './failure.ts';
import { lambdaContext } from './lambda-context.ts';

const GROUP = '/aws/lambda/x';
const ARN = `arn:aws:logs:eu-central-1:123456789012:log-group:${GROUP}`;

describe('The registrar', function () {
  this.timeout(20_000);
  let aws: FakeAws;
  beforeEach(async () => {
    aws = await FakeAws.start();
    aws.logGroups.set(ARN, { billing: 'theirs' });
  });
  afterEach(() => aws.stop());

  /** Terraform's call; the provider adds `tf` to the input. */
  const invoke = (action: string, tags: object, before?: object, logGroup = GROUP) =>
    handler(
      { logGroup, tags, tf: { action, prev_input: before ? { logGroup, tags: before } : null } },
      lambdaContext('loki-shipper-registrar'),
    );

  it('writes, changes and removes tags as Terraform asks, and leaves those of others', async () => {
    const first = { owner: 'checkout', sut: 'orders' };
    const second = { owner: 'payments' };
    const result = { logGroup: GROUP, ok: true, error: null };

    expect(await invoke('create', first)).to.deep.equal({ ...result, tagged: first, untagged: [] });
    expect(aws.logGroups.get(ARN)).to.deep.equal({ billing: 'theirs', ...first });

    expect(await invoke('update', second, first)).to.deep.equal({ ...result, tagged: second, untagged: ['sut'] });
    expect(aws.logGroups.get(ARN)).to.deep.equal({ billing: 'theirs', ...second });

    expect(await invoke('delete', second, second)).to.deep.equal({ ...result, tagged: {}, untagged: ['owner'] });
    expect(aws.logGroups.get(ARN)).to.deep.equal({ billing: 'theirs' });
  });

  it('changes nothing when it is called once more', async () => {
    await invoke('create', { owner: 'checkout' });
    aws.calls.length = 0;
    await invoke('create', { owner: 'checkout' });
    expect(aws.actions).to.deep.equal(['ListTagsForResource']);
  });

  it('waits out a throttled call', async () => {
    aws.failNext('TagResource', 'ThrottlingException');
    expect(await invoke('create', { owner: 'checkout' })).to.include({ ok: true });
    expect(aws.actions).to.deep.equal(['ListTagsForResource', 'TagResource', 'TagResource']);
  });

  it('fails with one sentence and no stack trace', async () => {
    const missing = await failure(invoke('create', {}, undefined, '/aws/lambda/y'));
    expect(missing).to.include({ name: 'LogGroupMissing' });
    expect(missing.stack).to.match(
      /^LogGroupMissing: Log group \/aws\/lambda\/y does not exist in eu-central-1: .*\.$/,
    );

    aws.failNext('TagResource', 'AccessDeniedException');
    const denied = await failure(invoke('create', { owner: 'checkout' }));
    expect(denied.stack).to.equal(
      'TaggingFailed: The tags of log group /aws/lambda/x could not be changed: logs:TagResource failed with AccessDeniedException.',
    );

    const invalid = await failure(invoke('read', {}));
    expect(invalid.stack).to.match(/^InvalidRequest: .*tf\.action must be create, update or delete\.$/);
    expect(aws.logGroups.get(ARN)).to.deep.equal({ billing: 'theirs' });
  });

  it('reports an update that fails as its result', async () => {
    aws.failNext('UntagResource', 'AccessDeniedException');
    aws.logGroups.set(ARN, { owner: 'checkout' });
    expect(await invoke('update', {}, { owner: 'checkout' })).to.deep.equal({
      logGroup: GROUP,
      ok: false,
      tagged: {},
      untagged: [],
      error:
        'The tags of log group /aws/lambda/x could not be changed: logs:UntagResource failed with AccessDeniedException.',
    });
  });

  it('removes nothing from a log group that is no more', async () => {
    aws.logGroups.clear();
    expect(await invoke('delete', { owner: 'checkout' })).to.include({ ok: true });
    expect(aws.actions).to.deep.equal(['ListTagsForResource']);
  });

  describe('asked for an action', () => {
    const act = (event: object) => failure(handler(event, lambdaContext('loki-shipper-registrar')));

    it('takes replay, with the settings that it needs for it', async () => {
      expect((await act({ action: 'replay' })).stack).to.match(/^InvalidRegistrarConfig: .*BUCKET is missing\./);
    });

    it('has the objects of its bucket replayed by its shipper', async () => {
      const key = 'parked/2026/11/23/x/y.ndjson.gz';
      const result = { key, matched: true, lines: 2, stored: 2, refused: {}, bytes: 9, error: null, blocked: false };
      const seen: string[] = [];
      const server = createServer(async (request, response) => {
        let body = '';
        for await (const chunk of request) body += chunk;
        seen.push(`${request.method} ${request.url?.replace('?list-type=2', '')} ${body}`.trim());
        const contents = request.url?.includes('parked') ? `<Contents><Key>${key}</Key></Contents>` : '';
        response.end(
          request.method === 'POST' ? JSON.stringify(result) : `<ListBucketResult>${contents}</ListBucketResult>`,
        );
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const settings = { BUCKET: 'b', SHIPPER_FUNCTION: 'logs-shipper', SHIPPER_TIMEOUT: '60' };
      // What FakeAws changed, and this, is undone when it stops.
      Object.assign(process.env, settings, { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` });
      try {
        expect(await handler({ action: 'replay' }, lambdaContext('loki-shipper-registrar'))).to.deep.equal({
          objects: [result],
          next: null,
          remaining: 0,
          more: false,
        });
        expect(seen).to.deep.equal([
          'GET /b/&prefix=parked%2F',
          `POST /2015-03-31/functions/logs-shipper/invocations {"replay":{"key":"${key}","filter":{},"dryRun":false}}`,
          'GET /b/&prefix=aws%2Flambda%2Fasync%2Flogs-shipper%2F',
        ]);
      } finally {
        server.closeAllConnections();
        await new Promise<void>((resolve) => server.close(() => resolve()));
      }
    });

    it('refuses others in one sentence', async () => {
      expect((await act({ action: 'reply' })).stack).to.equal(
        'InvalidAction: The registrar cannot do what it is asked to: action must be replay, reconcile, attach, detach or status.',
      );
      expect(aws.calls).to.deep.equal([]);
    });
  });

  describe('of an installation', () => {
    const SELECTION = {
      version: 1,
      name: 'logs',
      managed_by: 'registrar',
      follow: true,
      log_groups: {},
      prefixes: ['/aws/lambda/'],
      excluded: [],
      own_log_groups: ['/aws/lambda/logs-registrar'],
      filter_pattern: '',
      log_group_tags: { owner: 'platform' },
      max_log_groups: 10,
      labels: { tags: ['owner'] },
    };
    const SHIPPER = 'arn:aws:lambda:eu-central-1:123456789012:function:logs-shipper';
    const arnOf = (name: string) => `arn:aws:logs:eu-central-1:123456789012:log-group:${name}`;
    const act = (event: object) => handler(event, lambdaContext('logs-registrar', 60_000));
    const subscribed = () =>
      [...aws.filters].filter(([, filters]) => filters.length > 0).map(([arn, filters]) => [arn, filters]);
    const filter = (filterPattern = '') => [{ filterName: 'logs', filterPattern, destinationArn: SHIPPER }];

    beforeEach(() => {
      Object.assign(process.env, { BUCKET: 'b', SHIPPER_FUNCTION: 'logs-shipper', SHIPPER_TIMEOUT: '60' });
      aws.objects.set('b/registry/selection.json', Buffer.from(JSON.stringify(SELECTION)));
      aws.logGroups.set(arnOf('/other'), { owner: 'others' });
    });

    it('subscribes and tags what is selected, and takes all of it back at the end', async () => {
      const tf = { action: 'create', prev_input: null };
      expect(await act({ action: 'reconcile', selection: 'x', tf })).to.deep.include({
        ok: true,
        groups: 1,
        subscribed: [GROUP],
        tagged: [GROUP],
        problems: [],
        remaining: 0,
      });
      expect(subscribed()).to.deep.equal([[ARN, filter()]]);
      expect(aws.logGroups.get(ARN)).to.deep.equal({ billing: 'theirs', owner: 'platform' });
      expect(await act({ action: 'status' })).to.deep.include({
        groups: [
          {
            logGroup: GROUP,
            wantedBy: ['prefix /aws/lambda/'],
            subscribedBy: 'registrar',
            filterPattern: '',
            tags: { billing: 'theirs', owner: 'platform' },
            problem: null,
            message: null,
          },
        ],
        next: null,
        name: 'logs',
        labels: { tags: ['owner'] },
      });

      expect(await act({ action: 'reconcile', selection: 'x', tf: { ...tf, action: 'delete' } })).to.deep.include({
        ok: true,
        unsubscribed: [GROUP],
        untagged: [GROUP],
      });
      expect(subscribed()).to.deep.equal([]);
      expect(aws.logGroups.get(ARN)).to.deep.equal({ billing: 'theirs' });
      expect([...aws.objects.keys()]).to.deep.equal(['b/registry/selection.json']);
    });

    it('fails a run of the schedule with what went wrong, so that an alarm hears of it', async () => {
      aws.failNext('DescribeLogGroups', 'AccessDeniedException');
      const error = 'logs:DescribeLogGroups failed with AccessDeniedException.';
      expect(await failure(act({ action: 'reconcile' }))).to.include({ name: 'RunFailed', message: error });
      expect(await act({ action: 'reconcile' })).to.deep.include({ ok: true, error: null });
    });

    it('writes to its log what went wrong, and answers Terraform with it', async () => {
      aws.failNext('DescribeLogGroups', 'AccessDeniedException');
      const error = 'logs:DescribeLogGroups failed with AccessDeniedException.';
      const run = { action: 'reconcile', selection: 'x', tf: { action: 'update', prev_input: null } };
      const { lines, result } = await outputOf(act(run));
      expect(result()).to.deep.include({ ok: false, error });
      expect(lines).to.deep.equal([error]);
    });

    it('attaches and detaches a log group', async () => {
      const request = {
        action: 'attach',
        logGroup: '/other',
        claimant: 'cli',
        tags: { sut: 'x' },
        filterPattern: 'ERROR',
      };
      expect(await act(request)).to.deep.equal({
        target: '/other',
        ok: true,
        error: null,
        subscribed: ['/other'],
        unsubscribed: [],
        tagged: ['/other'],
        untagged: [],
        wantedBy: ['cli'],
      });
      expect(subscribed()).to.deep.equal([[arnOf('/other'), filter('ERROR')]]);
      expect(await act({ action: 'detach', logGroup: '/other', claimant: 'cli' })).to.deep.include({
        ok: true,
        unsubscribed: ['/other'],
        wantedBy: [],
      });
      expect(subscribed()).to.deep.equal([]);
    });

    it('subscribes a log group of which CloudTrail tells', async () => {
      const detail = { eventName: 'CreateLogGroup', requestParameters: { logGroupName: GROUP } };
      expect(await act({ source: 'aws.logs', detail })).to.deep.include({ target: GROUP, subscribed: [GROUP] });
      expect(subscribed()).to.deep.equal([[ARN, filter()]]);
    });
  });
});
