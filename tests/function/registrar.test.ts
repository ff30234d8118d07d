import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { handler } from '../../function/registrar.ts';
import { FakeAws } from '../support/fake-aws.ts';
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
        'InvalidReplayRequest: The registrar cannot replay what it is asked to: action must be replay.',
      );
      expect(aws.calls).to.deep.equal([]);
    });

    it('is still asked by Terraform when there is tf', async () => {
      aws.logGroups.set(ARN, {});
      const tf = { action: 'create', prev_input: null };
      expect(
        await handler({ logGroup: GROUP, tags: {}, action: 'replay', tf }, lambdaContext('loki-shipper-registrar')),
      ).to.include({ ok: true });
    });
  });
});
