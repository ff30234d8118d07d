import { expect } from 'chai';
import { runCli } from '../../../cli/program.ts';
import { FunctionFailed, InvocationFailed } from '../../../function/aws/invoke.ts';
import { page, result, ScriptedSurroundings } from '../scripted-surroundings.ts';

describe('loki-shipper replay', () => {
  const run = async (script: readonly (() => unknown)[], args: readonly string[] = [], isTTY = false) => {
    const surroundings = new ScriptedSurroundings(script, isTTY);
    const code = await runCli(['replay', ...args], surroundings);
    return { code, surroundings, out: surroundings.stdout.text, err: surroundings.stderr.text };
  };
  const stored = (key: string, lines = 1000) => result(key, { lines, stored: lines, bytes: 100 });

  it('asks page by page, and ends with a table', async () => {
    const { code, surroundings, out, err } = await run([
      () => page([stored('a'), stored('b', 204), result('c', { matched: false })], 'c', 1),
      () => page([stored('d', 1)]),
    ]);
    expect(code).to.equal(0);
    expect(out).to.equal(
      'Objects  Lines  Stored  Still refused  Not replayed\n      3  1,205   1,205              0             0\n',
    );
    expect(err).to.equal('');
    expect(surroundings.connections).to.deep.equal([{}]);
    const ask = { action: 'replay', filter: {}, dryRun: false, maxObjects: 20 };
    expect(surroundings.calls).to.deep.equal([
      { functionName: 'loki-shipper-registrar', payload: ask },
      { functionName: 'loki-shipper-registrar', payload: { ...ask, after: 'c' } },
    ]);
  });

  it('passes on what is to be replayed, and where', async () => {
    const { surroundings } = await run(
      [() => page([])],
      [
        ...['--name', 'logs', '--region', 'eu-west-1', '--profile', 'ops', '--group', '/a/*', '--from', '2h'],
        ...['--to', '2026-11-23T11:00', '--reason', 'too_far_behind', '--dry-run'],
      ],
    );
    expect(surroundings.connections).to.deep.equal([{ region: 'eu-west-1', profile: 'ops' }]);
    expect(surroundings.calls).to.deep.equal([
      {
        functionName: 'logs-registrar',
        payload: {
          action: 'replay',
          filter: {
            group: '/a/*',
            from: '2026-11-23T10:00:00.000Z',
            to: '2026-11-23T11:00:00.000Z',
            reason: 'too_far_behind',
          },
          dryRun: true,
          maxObjects: 20,
        },
      },
    ]);
  });

  it('says what is still refused and what could not be replayed, explains it once, and ends with 1', async () => {
    const refused = { too_far_behind: 1, line_too_long: 2 };
    const { code, out } = await run([
      () => page([result('a', { lines: 5, stored: 2, refused })], 'a', 2),
      () =>
        page([
          result('b', { lines: 1, refused: { too_far_behind: 1 } }),
          result('c', { error: 'Task timed out after 60.00 seconds' }),
        ]),
    ]);
    expect(code).to.equal(1);
    expect(out).to.equal(`Objects  Lines  Stored  Still refused  Not replayed
      3      6       2              4             1

Still refused, and kept:
  too_far_behind: 2
  line_too_long: 2

Objects that could not be replayed, and are kept:
  c
    Task timed out after 60.00 seconds

Loki refuses lines that are more than an hour behind the newest line of their stream (too_far_behind).
Set limits_config.shard_streams.time_sharding_enabled: true in Loki's configuration, and replay again.
`);
  });

  it('shows keys and errors without what a terminal would obey', async () => {
    const { out } = await run([() => page([result('a\x1b[2J', { error: 'No\x1b]0;title\x07.' })])]);
    expect(out).to.include('  a\ufffd[2J\n    No\ufffd]0;title\ufffd.\n');
  });

  it('ends with 1 also when only one of both is left', async () => {
    expect((await run([() => page([result('a', { lines: 1, refused: { bad_request: 1 } })])])).code).to.equal(1);
    expect((await run([() => page([result('a', { error: 'No.' })])])).code).to.equal(1);
  });

  it('stops when Loki takes nothing, and says so', async () => {
    const { code, out, err } = await run([
      () => page([stored('a'), result('b', { error: 'Loki at loki is unreachable.', blocked: true })], 'b', 6),
    ]);
    expect(code).to.equal(3);
    expect(out).to.include('Objects that could not be replayed, and are kept:\n  b\n');
    expect(err).to.equal(
      'error: Loki at loki is unreachable. What is left stays in the bucket: replay again when Loki takes lines.\n',
    );
  });

  it('only counts in a dry run', async () => {
    const { code, out } = await run([() => page([result('a', { lines: 7 })])], ['--dry-run']);
    expect(code).to.equal(0);
    expect(out).to.equal(
      'Objects  Lines  Not replayed\n      1      7             0\n\nNothing was replayed, because of --dry-run.\n',
    );
  });

  it('gives the result as JSON', async () => {
    const { code, out } = await run(
      [
        () =>
          page([
            result('a', { lines: 3, stored: 2, refused: { bad_request: 1 }, bytes: 9 }),
            result('b', { error: 'No.' }),
          ]),
      ],
      ['--json'],
    );
    expect(code).to.equal(1);
    expect(out).to.match(/^{.*}\n$/);
    expect(JSON.parse(out)).to.deep.equal({
      objects: 2,
      lines: 3,
      stored: 2,
      refused: { bad_request: 1 },
      failed: [{ key: 'b', error: 'No.' }],
      bytes: 9,
      dryRun: false,
      interrupted: false,
      error: null,
    });
  });

  it('shows on a terminal how far it is, and colours', async () => {
    const { out, err } = await run(
      [() => page([stored('a'), result('b', { lines: 1, refused: { x: 1 } })], 'b', 6), () => page([stored('c')])],
      [],
      true,
    );
    expect(err.split('\r\x1b[2K')).to.deep.equal([
      '',
      'Looking for objects …',
      '[#####---------------] 2 of at least 8 objects, 1,001 lines, 1,000 stored, 1 refused',
      '[####################] 3 of 3 objects, 2,001 lines, 2,000 stored, 1 refused',
      '',
    ]);
    expect(out).to.include('\x1b[1mObjects\x1b[22m').and.include('\x1b[32m 2,000\x1b[39m').and.include('\x1b[31m');
  });

  const FAILURES: readonly (readonly [Error, string])[] = [
    [
      new InvocationFailed('loki-shipper-registrar', 'ResourceNotFoundException'),
      'loki-shipper-registrar could not be called (ResourceNotFoundException): there is no such function: check --name, --region and --profile.',
    ],
    [
      new InvocationFailed('loki-shipper-registrar', 'ServiceException'),
      'lambda:InvokeFunction failed with ServiceException for loki-shipper-registrar.',
    ],
    [new FunctionFailed('s3:ListBucket failed with AccessDenied.'), 's3:ListBucket failed with AccessDenied.'],
  ];
  for (const [failure, sentence] of FAILURES)
    it(`ends with 3 and one sentence: ${sentence}`, async () => {
      const fail = () => {
        throw failure;
      };
      expect(await run([fail])).to.include({ code: 3, out: '', err: `error: ${sentence}\n` });
      const { code, out, err } = await run([() => page([stored('a')], 'a'), fail]);
      expect(code).to.equal(3);
      expect(out).to.match(/^ {6}1 {2}1,000 {3}1,000 /m);
      expect(err).to.equal(`error: ${sentence}\n`);
    });

  it('ends with 3 when the registrar is of another version', async () => {
    const { code, err } = await run([() => ({ logGroup: 'x', ok: true })]);
    expect(code).to.equal(3);
    expect(err).to.match(/^error: loki-shipper-registrar does not answer as this version does: .*\.\n$/);
  });

  for (const args of [
    ['--from', 'soon'],
    ['--to', '2026-02-30'],
    ['--limit-rate', '0'],
    ['--from', '1h', '--to', '2h'],
  ])
    it(`ends with 64 and calls nothing: ${args.join(' ')}`, async () => {
      const { code, surroundings, err } = await run([], args);
      expect(code).to.equal(64);
      expect(err).to.match(/^error: .*--(from|to|limit-rate).*\n$/);
      expect(surroundings.calls).to.deep.equal([]);
    });

  describe('that is interrupted', () => {
    const interrupted = 'Interrupted: what was under way may still end, and the same command goes on with the rest.';

    it('in a call shows what was done until then', async () => {
      const surroundings = new ScriptedSurroundings([
        () => page([stored('a')], 'a', 5),
        () => {
          surroundings.interruption.abort();
          throw new InvocationFailed('loki-shipper-registrar', 'AbortError');
        },
      ]);
      expect(await runCli(['replay'], surroundings)).to.equal(130);
      expect(surroundings.stdout.text)
        .to.match(/^ {6}1 {2}1,000 /m)
        .and.include(interrupted);
      expect(surroundings.stderr.text).to.equal('');
    });

    it('between two calls makes no more', async () => {
      const surroundings = new ScriptedSurroundings([
        () => {
          surroundings.interruption.abort();
          return page([stored('a')], 'a', 5);
        },
      ]);
      expect(await runCli(['replay', '--limit-rate', '1'], surroundings)).to.equal(130);
      expect(surroundings.calls).to.have.length(1);
      expect(surroundings.waits).to.deep.equal([]);
    });

    it('in its last call is through', async () => {
      const surroundings = new ScriptedSurroundings([
        () => {
          surroundings.interruption.abort();
          return page([stored('a')]);
        },
      ]);
      expect(await runCli(['replay'], surroundings)).to.equal(0);
      expect(surroundings.stdout.text).to.not.include(interrupted);
    });
  });

  it('with a rate sends an object at a time, and waits', async () => {
    const surroundings = new ScriptedSurroundings([
      () => page([result('a', { bytes: 2048 })], 'a', 3),
      () => page([result('b', { bytes: 512 })], 'b', 2),
      () => page([result('c', { bytes: 100 })], 'c', 1),
      () => page([result('d', { bytes: 4096 })]),
    ]);
    surroundings.callMs = 250;
    expect(await runCli(['replay', '--limit-rate', '1K'], surroundings)).to.equal(0);
    expect(surroundings.waits).to.deep.equal([1750, 250]);
    for (const { payload } of surroundings.calls) expect(payload).to.include({ maxObjects: 1 });
  });
});
