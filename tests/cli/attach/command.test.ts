import { expect } from 'chai';
import { runCli } from '../../../cli/program.ts';
import { FunctionFailed, InvocationFailed } from '../../../function/aws/invoke.ts';
import type { Attachment } from '../../../function/registry/answers.ts';
import { expectGolden } from '../../support/golden.ts';
import { expectShape, type Shape } from '../../support/shape.ts';
import { ScriptedSurroundings } from '../scripted-surroundings.ts';

function attachment(target: string, changes: Partial<Attachment> = {}): Attachment {
  const nothing = { subscribed: [], unsubscribed: [], tagged: [], untagged: [] };
  return { target, ok: true, error: null, ...nothing, wantedBy: ['cli'], ...changes };
}

const missing = 'Log group /ecs/gone does not exist in eu-central-1: create it, or attach its prefix.';

const SHAPE: Shape = {
  action: 'string',
  dryRun: 'boolean',
  targets: [
    {
      kind: 'string',
      target: 'string',
      ok: 'boolean',
      error: 'string|null',
      subscribed: ['string'],
      unsubscribed: ['string'],
      tagged: ['string'],
      untagged: ['string'],
      wantedBy: ['string'],
    },
  ],
  interrupted: 'boolean',
  error: 'string|null',
};

const run = async (script: readonly (() => unknown)[], args: readonly string[], isTTY = false) => {
  const surroundings = new ScriptedSurroundings(script, isTTY);
  const code = await runCli(args, surroundings);
  return { code, calls: surroundings.calls, out: surroundings.stdout.text, err: surroundings.stderr.text };
};

const ATTACHED = [
  () => attachment('/ecs/orders', { subscribed: ['/ecs/orders'], tagged: ['/ecs/orders'] }),
  () => attachment('/aws/lambda/checkout', { wantedBy: ['listed', 'cli'] }),
  () => {
    throw new FunctionFailed(missing);
  },
  () =>
    attachment('/aws/codebuild/', {
      subscribed: Array.from({ length: 1204 }, (_, i) => `/aws/codebuild/${i}`),
      tagged: ['/aws/codebuild/1', '/aws/codebuild/2'],
    }),
];
const ATTACH = ['attach', '/ecs/orders', '/aws/lambda/checkout', '/ecs/gone', '--prefix', '/aws/codebuild/'];

const DETACHED = [
  () => attachment('/ecs/orders', { unsubscribed: ['/ecs/orders'], untagged: ['/ecs/orders'], wantedBy: [] }),
  () => attachment('/aws/lambda/checkout', { wantedBy: ['listed'] }),
];

describe('loki-shipper attach', () => {
  it('asks for one log group after the other, then for prefixes', async () => {
    const { calls } = await run(ATTACHED, [...ATTACH, '--tag', 'owner=me', '--tag', 'a=b=c', '--filter-pattern', 'E']);
    const ask = { action: 'attach', claimant: 'cli', tags: { owner: 'me', a: 'b=c' }, filterPattern: 'E' };
    expect(calls.map(({ functionName }) => functionName)).to.deep.equal(Array(4).fill('loki-shipper-registrar'));
    expect(calls.map(({ payload }) => payload)).to.deep.equal([
      { ...ask, logGroup: '/ecs/orders' },
      { ...ask, logGroup: '/aws/lambda/checkout' },
      { ...ask, logGroup: '/ecs/gone' },
      { ...ask, prefix: '/aws/codebuild/' },
    ]);
  });

  it('shows what changed and what failed, and ends with 1', async () => {
    const { code, out, err } = await run(ATTACHED, ATTACH);
    expect({ code, err }).to.deep.equal({ code: 1, err: '' });
    expectGolden('tests/cli/attach/golden/attached.txt', out);
  });

  it('ends with 0 when all is done, and asks for each only once', async () => {
    const { code, calls } = await run(ATTACHED, ['attach', '/ecs/orders', '/ecs/orders']);
    expect({ code, calls: calls.length }).to.deep.equal({ code: 0, calls: 1 });
    expect(calls[0]?.payload).to.deep.include({ tags: {}, filterPattern: null });
  });

  it('says of a dry run that nothing was changed', async () => {
    const { calls, out } = await run(ATTACHED, ['attach', '/ecs/orders', '--dry-run', '--name', 'logs']);
    expect(calls[0]).to.deep.include({ functionName: 'logs-registrar' });
    expect(calls[0]?.payload).to.include({ dryRun: true });
    expectGolden('tests/cli/attach/golden/dry-run.txt', out);
  });

  it('shows a failure that the registrar answers, too', async () => {
    const answer = attachment('/ecs/orders', { ok: false, error: 'Another run is under way.', wantedBy: [] });
    const { code, out } = await run([() => answer], ['attach', '/ecs/orders']);
    expect(code).to.equal(1);
    expect(out).to.match(/failed\n\nNot attached:\n {2}\/ecs\/orders\n {4}Another run is under way\.\n$/);
  });

  it('gives the result as JSON', async () => {
    const { code, out } = await run(ATTACHED, [...ATTACH, '--json']);
    expect(code).to.equal(1);
    expect(out).to.match(/^{.*}\n$/);
    const report = JSON.parse(out);
    expectShape(report, SHAPE);
    expect(report.targets.map(({ kind, ok }: { kind: string; ok: boolean }) => [kind, ok])).to.deep.equal([
      ['group', true],
      ['group', true],
      ['group', false],
      ['prefix', true],
    ]);
  });

  it('shows on a terminal how far it is, and makes names fit', async () => {
    const long = `/aws/lambda/${'a-long-name-'.repeat(12)}end`;
    const { out, err } = await run([() => attachment(long, { subscribed: [long] })], ['attach', long], true);
    expect(err.split('\r\x1b[2K')).to.deep.equal([
      '',
      '[--------------------] 0 of 1',
      '[####################] 1 of 1',
      '',
    ]);
    expect(out).to.include('…').and.include('name-end').and.include('\x1b[32msubscribed');
  });

  it('ends with 3 when the registrar cannot be called, and shows what was done until then', async () => {
    const denied = () => {
      throw new InvocationFailed('loki-shipper-registrar', 'AccessDeniedException');
    };
    const { code, out, err } = await run([...ATTACHED.slice(0, 1), denied], ATTACH);
    expect(code).to.equal(3);
    expect(out).to.match(/^\/ecs\/orders +subscribed, tagged +cli$/m);
    expect(err).to.equal(
      'error: loki-shipper-registrar could not be called (AccessDeniedException): you need lambda:InvokeFunction for it.\n',
    );
    expect((await run([denied], ATTACH)).out).to.equal('');
  });

  it('ends with 3 when the registrar is of another version', async () => {
    const { code, err } = await run([() => ({ logGroup: '/ecs/orders', ok: true })], ['attach', '/ecs/orders']);
    expect(code).to.equal(3);
    expect(err).to.match(/^error: loki-shipper-registrar does not answer as this version does: .*\.\n$/);
  });

  it('that is interrupted says what was done', async () => {
    const surroundings = new ScriptedSurroundings([
      () => {
        surroundings.interruption.abort();
        return attachment('/ecs/orders', { subscribed: ['/ecs/orders'] });
      },
    ]);
    expect(await runCli(ATTACH, surroundings)).to.equal(130);
    expect(surroundings.stdout.text)
      .to.match(/^\/ecs\/orders +subscribed/m)
      .and.include('Interrupted: ');
  });

  for (const args of [
    [],
    ['a:b'],
    ['/a*'],
    ['x'.repeat(513)],
    ['--prefix', ''],
    ['/a', '--tag', 'owner'],
    ['/a', '--tag', '=x'],
    ['/a', '--tag', 'AWS:x=1'],
    ['/a', '--tag', 'a=ü;'],
    ['/a', '--filter-pattern', 'x'.repeat(1025)],
  ])
    it(`ends with 64 and calls nothing: ${args.join(' ').slice(0, 40)}`, async () => {
      const { code, calls, err } = await run([], ['attach', ...args]);
      expect({ code, calls }).to.deep.equal({ code: 64, calls: [] });
      expect(err).to.match(/^error: .*\.\n$/);
    });
});

describe('loki-shipper detach', () => {
  it('shows what changed, and who wants the rest', async () => {
    const { code, out, calls } = await run(DETACHED, ['detach', '/ecs/orders', '/aws/lambda/checkout']);
    expect(code).to.equal(0);
    expect(calls[0]?.payload).to.deep.equal({ action: 'detach', logGroup: '/ecs/orders', claimant: 'cli' });
    expectGolden('tests/cli/detach/golden/detached.txt', out);
  });

  it('gives the result as JSON', async () => {
    const { out } = await run(DETACHED, ['detach', '/ecs/orders', '/aws/lambda/checkout', '--json']);
    expectShape(JSON.parse(out), SHAPE);
    expect(JSON.parse(out)).to.include({ action: 'detach', dryRun: false });
  });

  it('takes no tags', async () => {
    expect((await run([], ['detach', '/a', '--tag', 'a=b'])).code).to.equal(64);
  });
});
