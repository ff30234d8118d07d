import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { CallFailed } from '../../../cli/aws/call-failed.ts';
import { FunctionFailed, InvocationFailed } from '../../../function/aws/invoke.ts';
import { GROUP, HOUR, NOW, Scene, SHIPPER_ARN } from './scene.ts';

describe('loki-shipper backfill', () => {
  let folder: string;
  let scene: Scene;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'backfill-'));
    scene = new Scene(folder);
    for (let i = 0; i < 1_234; i++) scene.log(`stream-${i % 3}`, NOW - HOUR + i * 1000, `line ${i}`);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('ends with a table', async () => {
    expect(await scene.run(['--from', '2h', '--to', '5m'])).to.deep.equal({
      code: 0,
      out: 'Lines  Stored  Parked\n1,234   1,234       0\n',
      err: '',
    });
    expect(scene.queries).to.deep.equal([
      { logGroup: GROUP, from: NOW - 2 * HOUR, to: NOW - 300_000, filterPattern: '' },
    ]);
    expect(scene.shown[0]).to.deep.include({
      labels: `{service_name="checkout", log_group="${GROUP}", account_id="123456789012", region="eu-central-1", owner="checkout"}`,
      logStream: 'stream-0',
      line: 'line 0',
    });
  });

  it('gives the result as JSON', async () => {
    const { out } = await scene.run(['--from', '2026-11-23', '--to', '2026-11-23T11:50', '--json']);
    expect(out).to.match(/^{.*}\n$/);
    expect(JSON.parse(out)).to.deep.equal({
      logGroup: GROUP,
      from: '2026-11-23T00:00:00.000Z',
      to: '2026-11-23T11:50:00.000Z',
      filterPattern: '',
      done: '2026-11-23T11:50:00.000Z',
      lines: 1_234,
      partsAdded: 0,
      stored: 1_234,
      parked: {},
      bytes: bytesOf(1_234),
      dryRun: false,
      interrupted: false,
      error: null,
    });
  });

  it('shows on a terminal how far it is, and colours', async () => {
    scene.pageSize = 500;
    scene.events = scene.events.map((event, i) => ({ ...event, timestamp: NOW - 3 * HOUR + i * 8_000 }));
    const { out, err } = await scene.run(['--from', '3h'], true);
    expect(err.split('\r\x1b[2K')).to.deep.equal([
      '',
      '[--------------------] 2026-11-23T09:00:00Z, 0 lines',
      '[###-----------------] 2026-11-23T09:30:00Z, 225 lines, 225 stored, less than a minute left',
      '[######--------------] 2026-11-23T10:00:00Z, 450 lines, 450 stored, less than a minute left',
      '[##########----------] 2026-11-23T10:30:00Z, 675 lines, 675 stored, less than a minute left',
      '[#############-------] 2026-11-23T11:00:00Z, 900 lines, 900 stored, less than a minute left',
      '[################----] 2026-11-23T11:30:00Z, 1,125 lines, 1,125 stored, less than a minute left',
      '[####################] 2026-11-23T12:00:00Z, 1,234 lines, 1,234 stored, less than a minute left',
      '',
    ]);
    expect(out).to.include('\x1b[1mLines\x1b[22m').and.include('\x1b[32m 1,234\x1b[39m');
  });

  for (const [args, sentence] of [
    [[], "error: required option '--from <time>' not specified\n"],
    [['--from', '1h', '--to', '2h'], 'error: --from must be before --to.\n'],
    [['--from', '1h', '--to', '2026-11-23T12:00:01'], 'error: --to must not be in the future.\n'],
    [
      ['--from', 'soon'],
      "error: option '--from <time>' argument 'soon' is invalid. It must be a time as in 2026-11-23 or 2026-11-23T03:00:00Z, or so long ago: 2h, 3d.\n",
    ],
  ] as const)
    it(`ends with 64 and calls nothing: ${args.join(' ')}`, async () => {
      scene.before = () => expect.fail('It was called.');
      expect(await scene.run(args)).to.deep.equal({ code: 64, out: '', err: sentence });
    });

  const awsError = (name: string, message = '') => Object.assign(new Error(message), { name });
  const ofGroup = (call: string) => ({
    call,
    target: `log group ${GROUP}`,
    missing: 'there is no such log group: check its name, --region and --profile',
  });

  describe('refuses in one sentence, before it ships anything,', () => {
    const refused = async (sentence: string, ...args: readonly string[]) => {
      expect(await scene.run(args.length > 0 ? args : ['--from', '2h'])).to.deep.equal({
        code: 3,
        out: '',
        err: `error: ${sentence}\n`,
      });
      expect(scene.deliveries).to.deep.equal([]);
      expect(readdirSync(folder)).to.deep.equal([]);
    };

    it('what is older than Loki takes', async () => {
      await refused(
        "Lines of 2026-11-16T12:00:00Z are too old: the shipper sends what is at most 168 hours old, so the earliest --from is 2026-11-16T12:10:00Z. For older lines, raise Loki's limits_config.reject_old_samples_max_age and the module's lines.max_age_hours to more than 168.",
        '--from',
        '7d',
      );
      expect((await scene.run(['--from', '2026-11-16T12:10:00Z'])).code).to.equal(0);
    });

    it('nothing of it where lines of any age are taken', async () => {
      scene.environment = { ...scene.environment, LINE_RULES: scene.environment.LINE_RULES?.replace('168', '0') ?? '' };
      expect((await scene.run(['--from', '52w', '--dry-run'])).code).to.equal(0);
    });

    it("the module's own log groups", async () => {
      scene.environment = { ...scene.environment, OWN_LOG_GROUPS: JSON.stringify([GROUP]) };
      await refused(`Log group ${GROUP} is loki-shipper's own: each of its lines that is shipped would make another.`);
    });

    it('a log group that is not there', async () => {
      scene.before = (call) => {
        if (call !== 'filters') return;
        throw new CallFailed(ofGroup('logs:DescribeSubscriptionFilters'), awsError('ResourceNotFoundException'));
      };
      await refused(
        `logs:DescribeSubscriptionFilters failed with ResourceNotFoundException for log group ${GROUP}: there is no such log group: check its name, --region and --profile.`,
      );
    });

    it('a shipper that is not there', async () => {
      scene.before = () => {
        throw new CallFailed(
          { call: 'lambda:GetFunctionConfiguration', target: 'loki-shipper-shipper', missing: 'check --name' },
          awsError('ResourceNotFoundException'),
        );
      };
      await refused(
        'lambda:GetFunctionConfiguration failed with ResourceNotFoundException for loki-shipper-shipper: check --name.',
      );
    });

    it('a checkpoint that cannot be written', async () => {
      const file = join(folder, 'file');
      writeFileSync(file, '');
      const { code, err } = await scene.run(['--from', '2h', '--checkpoint', join(file, 'x.json')]);
      expect(code).to.equal(3);
      expect(err).to.equal(
        `error: The checkpoint ${file}/x.json cannot be read or written (ENOTDIR): name another file with --checkpoint.\n`,
      );
      expect(scene.deliveries).to.deep.equal([]);
    });

    it('a checkpoint of another backfill', async () => {
      const file = join(folder, 'x.json');
      scene.before = (call) => {
        if (call === 'page') throw new Error('SIGKILL');
      };
      await scene.run(['--from', '2h', '--to', '30m', '--checkpoint', file]).catch(() => {});
      scene.before = () => {};
      for (const other of [
        ['--from', '3h', '--to', '30m'],
        ['--from', '2h'],
        ['--from', '2h', '--to', '30m', '--filter-pattern', 'x'],
      ])
        expect((await scene.run([...other, '--checkpoint', file])).err).to.equal(
          `error: The checkpoint ${file} is that of another backfill (${GROUP} --from 2h --to 30m): name another file, or remove it to begin anew.\n`,
        );
      writeFileSync(file, '{"version":2}');
      expect((await scene.run(['--from', '2h', '--checkpoint', file])).err).to.equal(
        `error: The checkpoint ${file} is none of this version of loki-shipper: name another file, or remove it to begin anew.\n`,
      );
    });
  });

  describe('when something fails on the way', () => {
    const failAt = (call: 'page' | 'invoke', k: number, error: Error) => {
      let calls = 0;
      scene.before = (made) => {
        if (made === call && ++calls >= k) throw error;
      };
    };
    beforeEach(() => {
      scene.events = scene.events.map((event, i) => ({ ...event, timestamp: NOW - 3 * HOUR + i * 8_000 }));
    });
    const UNTIL_THEN = `Lines  Stored  Parked
  225     225       0

All lines before 2026-11-23T09:30:00Z are done, and the same command goes on from there.
`;

    it('waits and tries again, and then says what was done until then', async () => {
      failAt('invoke', 4, new FunctionFailed('Loki at loki is unreachable (ECONNREFUSED).'));
      const { code, out, err } = await scene.run(['--from', '3h']);
      expect(code).to.equal(3);
      expect(out).to.equal(UNTIL_THEN);
      expect(err).to.equal('error: Loki at loki is unreachable (ECONNREFUSED).\n');
      expect(scene.surroundings.waits.filter((ms) => ms >= 500).length).to.be.within(5, 20);
      scene.before = () => {};
      expect((await scene.run(['--from', '3h'])).out).to.equal('Lines  Stored  Parked\n1,234   1,234       0\n');
      expect(scene.loki.size).to.equal(1_234);
    });

    it('explains why the shipper cannot be called', async () => {
      failAt('invoke', 1, new InvocationFailed('loki-shipper-shipper', 'AccessDeniedException'));
      const { code, err } = await scene.run(['--from', '3h']);
      expect(code).to.equal(3);
      expect(err).to.equal(
        'error: loki-shipper-shipper could not be called (AccessDeniedException): you need lambda:InvokeFunction for it.\n',
      );
    });

    it('says what CloudWatch says of a wrong pattern', async () => {
      const error = awsError('InvalidParameterException', 'Invalid character(s) in term.');
      failAt('page', 1, new CallFailed(ofGroup('logs:FilterLogEvents'), error));
      const { err } = await scene.run(['--from', '3h', '--filter-pattern', '%']);
      expect(err).to.equal(
        `error: logs:FilterLogEvents failed with InvalidParameterException for log group ${GROUP}: Invalid character(s) in term.\n`,
      );
    });

    it('ends with 130 when it is interrupted, and goes on with the same command, whatever time it is then', async () => {
      let calls = 0;
      scene.before = (call) => {
        if (call !== 'invoke' || ++calls < 4) return;
        scene.surroundings.interruption.abort();
        throw new InvocationFailed('loki-shipper-shipper', 'AbortError');
      };
      expect(await scene.run(['--from', '3h'])).to.deep.equal({ code: 130, out: UNTIL_THEN, err: '' });
      scene.before = () => {};
      scene.surroundings.time += HOUR;
      const { code, out, err } = await scene.run(['--from', '3h']);
      expect(code).to.equal(0);
      expect(out).to.equal('Lines  Stored  Parked\n1,234   1,234       0\n');
      expect(err).to.match(
        /^Continues the backfill from 2026-11-23T09:00:00Z to 2026-11-23T12:00:00Z: 225 lines are done, up to 2026-11-23T09:30:00Z\. \(To begin anew, remove \/.*\.json\.\)\n$/,
      );
    });

    it('ends with 130 and without words when that is before it begins', async () => {
      scene.before = () => {
        scene.surroundings.interruption.abort();
        throw new CallFailed(ofGroup('logs:DescribeSubscriptionFilters'), awsError('AbortError'));
      };
      expect(await scene.run(['--from', '3h'])).to.deep.equal({ code: 130, out: '', err: '' });
    });

    it('keeps what it must know in the file of the checkpoint', async () => {
      failAt('invoke', 4, new InvocationFailed('loki-shipper-shipper', 'AccessDeniedException'));
      const file = join(folder, 'a', 'checkpoint.json');
      await scene.run(['--from', '3h', '--checkpoint', file]);
      expect(JSON.parse(readFileSync(file, 'utf8'))).to.deep.equal({
        version: 1,
        asked: { shipper: SHIPPER_ARN, logGroup: GROUP, from: '3h', to: '0m', filterPattern: '' },
        from: NOW - 3 * HOUR,
        to: NOW,
        filterPattern: '',
        position: NOW - 2.5 * HOUR,
        counts: { lines: 225, partsAdded: 0, stored: 225, parked: {}, bytes: bytesOf(225) },
      });
      expect(readdirSync(join(folder, 'a'))).to.deep.equal(['checkpoint.json']);
    });
  });

  /** Of the first lines. */
  function bytesOf(lines: number): number {
    return scene.events.slice(0, lines).reduce((sum, { message }) => sum + message.length, 0);
  }
});
