import { expect } from 'chai';
import { CallFailed } from '../../../cli/aws/call-failed.ts';
import { runCli } from '../../../cli/program.ts';
import { InvocationFailed } from '../../../function/aws/invoke.ts';
import { expectGolden } from '../../support/golden.ts';
import { expectShape, orNull, type Shape } from '../../support/shape.ts';
import { GROUPS, group, StatusSurroundings, statusPage } from './registrar.ts';

const SHAPE: Shape = {
  name: 'string',
  account: 'string',
  region: 'string',
  run: orNull({ at: 'string', remaining: 'number', error: 'string|null' }),
  metrics: orNull({ from: 'string', to: 'string', error: 'string|null' }),
  labelsError: 'string|null',
  known: 'number',
  groups: [
    {
      logGroup: 'string',
      wantedBy: ['string'],
      subscribedBy: 'string|null',
      filterPattern: 'string|null',
      tags: orNull({ '*': 'string' }),
      problem: 'string|null',
      message: 'string|null',
      labels: orNull([{ name: 'string', value: 'string', from: 'string' }]),
      leftOut: [{ tag: 'string', reason: 'string' }],
      lastHour: orNull({
        lines: 'number',
        bytes: 'number',
        forwarded: 'number',
        deliveryErrors: 'number',
        lastForwardedAt: 'string|null',
      }),
    },
  ],
};

const fine = group('/a');

describe('loki-shipper status', () => {
  const run = async (surroundings: StatusSurroundings, ...args: readonly string[]) => {
    const code = await runCli(['status', ...args], surroundings);
    return { code, out: surroundings.stdout.text, err: surroundings.stderr.text };
  };
  const terminal = (columns: number) => {
    const surroundings = new StatusSurroundings(undefined, true);
    Object.assign(surroundings, { colours: false });
    Object.assign(surroundings.stdout, { columns });
    return surroundings;
  };

  it('shows all log groups, those with problems first, and ends with 1', async () => {
    const surroundings = new StatusSurroundings();
    const { code, out, err } = await run(surroundings);
    expect({ code, err }).to.deep.equal({ code: 1, err: '' });
    expectGolden('tests/cli/status/golden/all.txt', out);
    expect(surroundings.calls).to.deep.equal([
      { functionName: 'loki-shipper-registrar', payload: { action: 'status' } },
    ]);
    expect(surroundings.measured).to.deep.equal(GROUPS.map(({ logGroup }) => logGroup));
  });

  it('asks page by page', async () => {
    const surroundings = new StatusSurroundings([
      () => statusPage([group('/b')], { next: '/b' }),
      () => statusPage([group('/a')]),
    ]);
    const { code, out } = await run(surroundings, '--name', 'logs', '--region', 'eu-west-1', '--profile', 'ops');
    expect(code).to.equal(0);
    expect(out).to.match(/\n\/a .*\n\/b .*\n\n2 log groups\.\n/);
    expect(surroundings.connections[0]).to.deep.equal({ region: 'eu-west-1', profile: 'ops' });
    expect(surroundings.calls[1]).to.deep.equal({
      functionName: 'logs-registrar',
      payload: { action: 'status', after: '/b' },
    });
  });

  for (const columns of [80, 100, 140])
    it(`fits a terminal of ${columns} columns`, async () => {
      const { out } = await run(terminal(columns), '--group', '*o*');
      const [table = ''] = out.split('\n\n');
      for (const line of table.split('\n')) expect(line.length).to.be.at.most(columns);
      expectGolden(`tests/cli/status/golden/columns-${columns}.txt`, out);
    });

  it('counts who wants a log group, and the module once', async () => {
    const page = (wantedBy: readonly string[]) => () => statusPage([group('/a', { wantedBy })]);
    for (const [wantedBy, isSeveral] of [
      [['listed', 'prefix /', 'prefix /a'], false],
      [['cli'], false],
      [['prefix /', 'cli'], true],
      [['cli', 'stack orders'], true],
    ] as const)
      expect((await run(new StatusSurroundings([page(wantedBy)]))).out.includes('wanted by more than one')).to.equal(
        isSeveral,
      );
  });

  it('cuts nothing when it may be wide', async () => {
    expect((await run(terminal(80), '--wide')).out).to.equal((await run(new StatusSurroundings())).out);
  });

  it('colours on a terminal, and shows how far it is', async () => {
    const { out, err } = await run(new StatusSurroundings(undefined, true));
    expect(out).to.include('\x1b[32mby terraform').and.include('\x1b[31mmissing').and.include('\x1b[33mwaiting');
    expect(err.split('\r\x1b[2K')).to.deep.equal([
      '',
      'Reading log groups …',
      'Reading log groups … 7',
      'Reading metrics … 7 of 7',
      '',
    ]);
  });

  it('shows those whose names fit, and those with problems', async () => {
    const surroundings = new StatusSurroundings();
    const { code, out } = await run(surroundings, '--group', '/aws/*');
    expect(code).to.equal(0);
    expect(out).to.include('4 of 7 log groups').and.not.include('/ecs/');
    expect(surroundings.measured).to.have.length(4);
    const problems = await run(new StatusSurroundings(), '--problems');
    expect(problems.code).to.equal(1);
    expectGolden('tests/cli/status/golden/problems.txt', problems.out);
  });

  for (const name of ['/aws/lambda/checkout', '/vpc/flow', '/ecs/gone'])
    it(`shows everything about a single log group: ${name}`, async () => {
      const { out } = await run(new StatusSurroundings(), '--group', name);
      expectGolden(`tests/cli/status/golden/single${name.replaceAll('/', '-')}.txt`, out);
    });

  it('says what is not there: log groups, runs', async () => {
    const { code, out } = await run(new StatusSurroundings([() => statusPage([], { run: null })]));
    expect({ code, out }).to.deep.equal({ code: 0, out: '0 log groups.\nThe registrar has not run yet.\n' });
    const nothing = await run(new StatusSurroundings(), '--group', '/x');
    expect(nothing.out).to.match(/^0 of 7 log groups\.\n/);
  });

  it('says that the last run failed, and what is left to it', async () => {
    const failed = { at: '2026-11-23T09:00:00Z', remaining: 1200, error: 'logs:ListLogGroups failed.' };
    const { code, out } = await run(new StatusSurroundings([() => statusPage([fine], { run: failed })]));
    expect(code).to.equal(1);
    expect(out).to.include(
      'The last run of the registrar was 3 h ago, with 1,200 changes left for the next.\nIt failed: logs:ListLogGroups failed.\n',
    );
  });

  it('does without figures where it may not read them, and says why', async () => {
    const surroundings = new StatusSurroundings([() => statusPage([fine])]);
    const error = Object.assign(new Error(), { name: 'AccessDenied' });
    const call = { call: 'cloudwatch:GetMetricData', target: 'the metrics of log groups', missing: '' };
    surroundings.denied = new CallFailed(call, error);
    const { code, out, err } = await run(surroundings);
    expect({ code, err }).to.deep.equal({ code: 0, err: '' });
    expect(out).to.not.include('Lines/h');
    expect(out).to.include(
      'Without figures of the last hour: cloudwatch:GetMetricData failed with AccessDenied for the metrics of log groups: you need cloudwatch:GetMetricData for it.\n',
    );
  });

  it('reads no metrics when it is told so', async () => {
    const surroundings = new StatusSurroundings();
    const { out } = await run(surroundings, '--no-metrics');
    expect(surroundings.measured).to.deep.equal([]);
    expect(out).to.not.include('Lines/h').and.not.include('Without figures');
  });

  it('does without labels that it does not know, and says why', async () => {
    const { out } = await run(new StatusSurroundings([() => statusPage([fine], { labels: { from_tags: 7 } })]));
    expect(out).to.not.include('Labels');
    expect(out).to.match(/The labels of the module are not as this version knows them: .*from_tags must be/);
  });

  describe('as JSON', () => {
    it('has the same, in the same order', async () => {
      const { code, out } = await run(new StatusSurroundings(), '--json');
      expect(code).to.equal(1);
      expect(out).to.match(/^{.*}\n$/);
      const report = JSON.parse(out);
      expectShape(report, SHAPE);
      expect(report.groups.map(({ logGroup }: { logGroup: string }) => logGroup)).to.deep.equal([
        '/ecs/gone',
        '/ecs/orders',
        '/vpc/flow',
        '/aws/lambda/checkout',
        '/aws/lambda/invoice',
        '/aws/lambda/newborn',
        '/aws/lambda/old',
      ]);
      expectGolden('tests/cli/status/golden/all.json', `${JSON.stringify(report, null, 2)}\n`);
    });

    it('looks the same without metrics and runs', async () => {
      const surroundings = new StatusSurroundings([() => statusPage(GROUPS, { run: null, labels: null })]);
      const report = JSON.parse((await run(surroundings, '--json', '--no-metrics')).out);
      expectShape(report, SHAPE);
      expect(report).to.include({ run: null, metrics: null });
      expect(report.labelsError).to.be.a('string');
    });
  });

  it('ends with 3 and one sentence when the registrar cannot be called, or is of another version', async () => {
    const denied = () => {
      throw new InvocationFailed('loki-shipper-registrar', 'AccessDeniedException');
    };
    expect(await run(new StatusSurroundings([denied]))).to.deep.equal({
      code: 3,
      out: '',
      err: 'error: loki-shipper-registrar could not be called (AccessDeniedException): you need lambda:InvokeFunction for it.\n',
    });
    const { code, err } = await run(new StatusSurroundings([() => ({ objects: [] })]));
    expect(code).to.equal(3);
    expect(err).to.match(/^error: loki-shipper-registrar does not answer as this version does: .*\.\n$/);
  });

  it('ends with 130 when it is interrupted', async () => {
    const surroundings = new StatusSurroundings([
      () => {
        surroundings.interruption.abort();
        throw new InvocationFailed('loki-shipper-registrar', 'AbortError');
      },
    ]);
    expect(await run(surroundings)).to.deep.equal({ code: 130, out: '', err: '' });
  });
});
