import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { CallFailed } from '../../../cli/aws/call-failed.ts';
import type { Finding } from '../../../cli/doctor/finding.ts';
import { runCli } from '../../../cli/program.ts';
import { FunctionFailed, InvocationFailed } from '../../../function/aws/invoke.ts';
import { expectGolden, steady } from '../../support/golden.ts';
import { type Script, type ScriptedLoki, startScriptedLoki } from '../../support/scripted-loki.ts';
import { expectShape } from '../../support/shape.ts';
import { group, statusPage } from '../status/registrar.ts';
import { Installation } from './installation.ts';

function fails(error: Error): () => never {
  return () => {
    throw error;
  };
}

function denied(call: string): () => never {
  const error = Object.assign(new Error(), { name: 'AccessDeniedException' });
  return fails(new CallFailed({ call, target: 'it', missing: 'there is none' }, error));
}

describe('loki-shipper doctor', () => {
  let installation: Installation;
  let loki: ScriptedLoki | undefined;
  beforeEach(() => {
    installation = new Installation();
  });
  afterEach(async () => {
    await loki?.stop();
    loki = undefined;
  });

  const run = async (...args: readonly string[]) => {
    const code = await runCli(['doctor', ...args], installation);
    return { code, out: installation.stdout.text, err: installation.stderr.text };
  };
  const findings = async (...args: readonly string[]): Promise<readonly Finding[]> =>
    JSON.parse((await run('--json', ...args)).out).findings;
  const bad = async (...args: readonly string[]) =>
    (await findings(...args)).filter(({ level }) => level === 'warning' || level === 'problem');
  /** Loki as it is read from here. */
  const readable = async (script: Script) => {
    loki = await startScriptedLoki(script);
    installation.env = { LOKI_ADDR: `${loki.url}/`, LOKI_USERNAME: 'me', LOKI_PASSWORD: 'p', LOKI_ORG_ID: 'team-a' };
  };

  it('finds that nothing is wrong, and calls both functions once', async () => {
    const { code, out, err } = await run();
    expect({ code, err }).to.deep.equal({ code: 0, err: '' });
    expectGolden('tests/cli/doctor/golden/well.txt', out);
    expect(installation.calls).to.deep.equal([
      { functionName: 'loki-shipper-registrar', payload: { action: 'status' } },
      { functionName: 'loki-shipper-shipper', payload: { check: true } },
    ]);
    expect(installation.lines).to.deep.equal([]);
  });

  it('says of everything that is wrong what to do, and ends with 1', async () => {
    installation.status = () =>
      statusPage(
        [
          group('/ecs/gone', { subscribedBy: null, problem: 'missing', message: 'It is not there.' }),
          group('/ecs/new', { subscribedBy: null }),
          group('/ecs/orders'),
        ],
        { run: { at: '2026-11-23T07:00:00Z', remaining: 0, error: 's3:PutObject failed with AccessDenied.' } },
      );
    installation.check = () =>
      installation.checked(
        {
          error: 'Loki at loki.example.com did not take a push: status 401: no org id.',
          status: 401,
          clockSkewMs: 95_000,
        },
        {
          version: '0.0.1',
          now: installation.now() - 200_000,
          tags: { error: 'logs:ListTagsForResource failed with AccessDeniedException for /a.', ms: 1 },
          bucket: { error: 's3:ListBucket failed with TimeoutError for s3://a-bucket/parked/.', ms: 1 },
          catalogue: { error: 'The catalogue of log groups is of no use: it is not valid gzip.', ms: 1, groups: null },
        },
      );
    installation.states.shipper = {
      ...installation.states.shipper,
      state: 'Failed',
      stateReason: 'The role cannot be assumed.',
      runtime: 'nodejs20.x',
      environment: {},
    };
    installation.states.registrar = { ...installation.states.registrar, lastUpdate: 'Failed' };
    installation.reserved = () => 0;
    installation.isAllowed = () => false;
    installation.destination = () => null;
    installation.retentionOf = () => 1;
    const { code, out } = await run('--probe-group', '/ecs/gone');
    expect(code).to.equal(1);
    expectGolden('tests/cli/doctor/golden/ill.txt', out);
  });

  it('fits the terminal, and colours', async () => {
    installation = new Installation(true);
    installation.check = () => installation.checked({ error: 'Loki at l is unreachable: ECONNREFUSED.', status: null });
    const { out, err } = await run();
    for (const line of stripVTControlCharacters(out).split('\n')) expect(line.length).to.be.at.most(100);
    expect(out).to.include('\x1b[31mproblem  \x1b[39mloki').and.include('\x1b[32mok       \x1b[39mshipper');
    expect(err).to.include('Looking …');
  });

  describe('as JSON', () => {
    it('gives all findings', async () => {
      const { code, out } = await run('--json');
      expect(code).to.equal(0);
      expect(out).to.match(/^{.*}\n$/);
      const shape = { check: 'string', level: 'string', finding: 'string', advice: 'string|null' };
      expectShape(JSON.parse(out), { name: 'string', findings: [shape], interrupted: 'boolean' });
      expectGolden('tests/cli/doctor/golden/well.json', `${JSON.stringify(JSON.parse(out), null, 2)}\n`);
    });

    it('gives advice on whatever is wrong', async () => {
      installation.check = fails(new FunctionFailed('The shipper is not set up right: BUCKET is missing.'));
      for (const { level, advice } of await findings())
        if (level === 'problem' || level === 'warning') expect(advice).to.be.a('string');
    });
  });

  describe('of the right to call', () => {
    it('says which is missing, and looks at the rest', async () => {
      installation.check = fails(new InvocationFailed('loki-shipper-shipper', 'AccessDeniedException'));
      const all = await findings();
      expect(all.filter(({ level }) => level === 'problem')).to.deep.equal([
        {
          check: 'shipper',
          level: 'problem',
          finding:
            'loki-shipper-shipper could not be called (AccessDeniedException): you need lambda:InvokeFunction for it.',
          advice: 'Have lambda:InvokeFunction granted to you on loki-shipper-shipper.',
        },
      ]);
      expect(all.map(({ check }) => check))
        .to.include('filters')
        .and.include('functions')
        .and.not.include('loki');
    });

    it('says that there are no such functions', async () => {
      const missing = (await bad('--name', 'logs')).filter(({ finding }) =>
        finding.includes('there is no such function'),
      );
      expect(missing.map(({ check }) => check)).to.deep.equal(['registrar', 'shipper']);
    });

    it('ends with 3 and one sentence when nothing can be called', async () => {
      installation.status = fails(new InvocationFailed('loki-shipper-registrar', 'CredentialsProviderError'));
      expect(await run()).to.deep.equal({
        code: 3,
        out: '',
        err: 'error: loki-shipper-registrar could not be called (CredentialsProviderError): there are no credentials of AWS: check --profile, or the environment.\n',
      });
    });

    it('skips what you may not look at', async () => {
      const call = denied('lambda:GetPolicy');
      Object.assign(installation, { reserved: call, isAllowed: call, destination: call });
      installation.retentionOf = denied('logs:DescribeLogGroups');
      const { code } = await run('--json');
      expect(code).to.equal(0);
      const { findings: all } = JSON.parse(installation.stdout.text);
      expect(all.filter(({ level }: Finding) => level === 'skipped').map(({ check }: Finding) => check)).to.deep.equal([
        'functions',
        'functions',
        'functions',
        'limits',
        'retention',
        'probe',
      ]);
    });
  });

  it('says that functions are of another version', async () => {
    installation.status = () => ({ objects: [] }) as never;
    installation.check = () => undefined;
    for (const { finding, advice } of await bad()) {
      expect(finding).to.include('does not answer as this version does');
      expect(advice).to.equal('Use the command line of the version of the module.');
    }
  });

  it('says what a function says that fails', async () => {
    installation.check = fails(new FunctionFailed('The shipper is not set up right: LOKI_URL is missing.'));
    expect(await bad()).to.deep.equal([
      {
        check: 'shipper',
        level: 'problem',
        finding: 'The shipper is not set up right: LOKI_URL is missing.',
        advice: 'Look at what it wrote to its log group, /aws/lambda/loki-shipper-shipper.',
      },
    ]);
  });

  describe('of filters', () => {
    const said = async () => (await findings()).filter(({ check }) => check === 'filters');

    it('names some of many that are wrong', async () => {
      const wrong = (name: string) => group(name, { subscribedBy: null, problem: 'filter_limit', message: 'Full.' });
      installation.status = () => statusPage(['/a', '/b', '/c', '/d', '/e'].map(wrong));
      expect((await said())[0]?.finding).to.equal(
        '5 log groups are not shipped as wanted: /a (filter_limit), /b (filter_limit), /c (filter_limit) and 2 more.',
      );
    });

    it('lets the registrar work at changes that are left', async () => {
      const run = { at: '2026-11-23T11:58:00Z', remaining: 900, error: null };
      installation.status = () => statusPage([group('/a', { subscribedBy: null }), group('/b')], { run });
      expect((await said())[0]).to.include({
        level: 'ok',
        finding:
          '1 log group is subscribed; the last run of the registrar was 2 min ago, and 900 changes are left for the next ones.',
      });
    });

    it('says that the registrar has not run yet', async () => {
      installation.status = () => statusPage([], { run: null });
      expect((await said())[0]).to.include({ level: 'warning', finding: 'The registrar has not run yet.' });
    });
  });

  describe('of functions', () => {
    const said = async () => (await bad()).map(({ finding }) => finding);

    it('warns before the support of a runtime ends', async () => {
      installation.time = Date.parse('2027-03-01T00:00:00Z');
      installation.status = () =>
        statusPage([group('/a')], { run: { at: '2027-03-01T00:00:00Z', remaining: 0, error: null } });
      expect((await said())[0]).to.equal(
        'AWS ends the support of nodejs22.x, the runtime of loki-shipper-shipper, on 2027-04-30.',
      );
    });

    it('knows nothing of a newer runtime', async () => {
      installation.states.shipper = { ...installation.states.shipper, runtime: 'nodejs26.x' };
      expect(await said()).to.deep.equal([]);
    });

    it('does without settings that are encrypted', async () => {
      installation.states.shipper = { ...installation.states.shipper, environment: null };
      const all = await findings();
      expect(all.filter(({ level }) => level === 'problem')).to.deep.equal([]);
      expect(all.map(({ check }) => check)).to.not.include('limits');
    });
  });

  describe('of Loki', () => {
    const ADVICE: readonly (readonly [status: number | null, error: string, advice: RegExp])[] = [
      [null, 'Loki at l is unreachable: ETIMEDOUT.', /In a VPC/],
      [null, 'The secret arn:x cannot be read (AccessDeniedException): check …', /right secrets in loki_auth/],
      [403, 'Loki at l did not take a push: status 403.', /right credentials/],
      [404, 'Loki at l did not take a push: status 404.', /loki_url must be/],
      [200, 'Loki at l did not take a push: status 200: <html>.', /Something else/],
      [302, 'Loki at l did not take a push: status 302.', /where it leads/],
      [502, 'Loki at l did not take a push: status 502.', /proxy/],
    ];
    for (const [status, error, advice] of ADVICE)
      it(`gives advice: ${error}`, async () => {
        installation.check = () => installation.checked({ status, error });
        const [finding] = await bad();
        expect(finding).to.include({ check: 'loki', level: 'problem', finding: error });
        expect(finding?.advice).to.match(advice);
      });

    it('says that there is no catalogue yet, and that Loki has no clock', async () => {
      installation.check = () =>
        installation.checked({ clockSkewMs: null }, { catalogue: { error: null, ms: 1, groups: null } });
      const skipped = (await findings()).filter(({ level }) => level === 'skipped').map(({ check }) => check);
      expect(skipped).to.include('catalogue').and.include('clock');
    });
  });

  it('measures the clock of this machine by when it asked and was answered', async () => {
    // A call of two minutes: the shipper's time is somewhere in it.
    installation.check = () => {
      const result = installation.checked();
      installation.time += 120_000;
      return result;
    };
    expect(await bad()).to.deep.equal([]);
    installation.check = () => installation.checked({}, { now: installation.now() + 90_000 });
    installation.stdout.text = '';
    expect((await bad())[0]?.finding).to.equal("The clock of this machine is 90 s behind the shipper's.");
  });

  describe('of limits', () => {
    const CONFIGURATION = `target: all
limits_config:
  reject_old_samples: true
  reject_old_samples_max_age: 1w
  creation_grace_period: 10m
  max_line_size: 256KB

ruler:
  creation_grace_period: 1s
`;
    const said = async (configuration: string) => {
      await readable((request) => ({ status: 200, body: request.path === '/config' ? configuration : '' }));
      return (await findings()).filter(({ check }) => check === 'limits');
    };

    it('finds that they are equal, as one who may read Loki', async () => {
      expect(await said(CONFIGURATION)).to.deep.equal([
        {
          check: 'limits',
          level: 'ok',
          finding: 'Loki takes lines as old, as far ahead and as long as the module lets through.',
          advice: null,
        },
      ]);
      expect(loki?.seen[0]?.headers).to.include({
        authorization: `Basic ${Buffer.from('me:p').toString('base64')}`,
        'x-scope-orgid': 'team-a',
      });
    });

    it('warns where the module lets more through', async () => {
      const smaller = CONFIGURATION.replace('1w', '100h').replace('10m\n', '5m0s\n').replace('256KB', '64KB');
      expect((await said(smaller)).map(({ finding }) => finding)).to.deep.equal([
        'lines.max_age_hours is more than Loki takes: its reject_old_samples_max_age is 100h.',
        'lines.max_ahead_minutes is more than Loki takes: its creation_grace_period is 5m0s.',
        'lines.max_bytes is more than Loki takes: its max_line_size is 64KB.',
      ]);
    });

    it('lets be what has no limit', async () => {
      const none = CONFIGURATION.replace('samples: true', 'samples: false').replace('1w', '1h').replace('256KB', '0B');
      expect((await said(none))[0]?.level).to.equal('ok');
    });

    it('skips them where Loki does not tell', async () => {
      expect((await said('no yaml'))[0]?.level).to.equal('skipped');
      installation.env = { LOKI_ADDR: 'http://127.0.0.1:1234' };
      installation.stdout.text = '';
      const [limits] = (await findings()).filter(({ check }) => check === 'limits');
      expect(limits).to.include({
        level: 'skipped',
        finding: 'Loki at 127.0.0.1:1234 could not be read from here: ECONNREFUSED.',
      });
    });

    it('refuses an address that is none', async () => {
      installation.env = { LOKI_ADDR: 'loki:3100' };
      const { code, err } = await run();
      expect(code).to.equal(3);
      expect(err).to.include('LOKI_ADDR must be a URL');
    });
  });

  describe('with a probe', () => {
    const said = async (logGroup = '/ecs/orders') =>
      (await findings('--probe-group', logGroup)).filter(({ check }) => check === 'probe')[0];
    const found = { status: 200, body: JSON.stringify({ data: { result: [{}] } }) };
    const nothing = { status: 200, body: JSON.stringify({ data: { result: [] } }) };

    it('writes a line and waits until Loki has it', async () => {
      let queries = 0;
      await readable(({ path = '' }) => {
        if (!path.startsWith('/loki/api/v1/query_range')) return { status: 404 };
        return ++queries > 2 ? found : nothing;
      });
      expect(await said()).to.deep.equal({
        check: 'probe',
        level: 'ok',
        finding: 'A line that was written to /ecs/orders was in Loki after 6 s.',
        advice: null,
      });
      const [line] = installation.lines;
      expect(line).to.include({
        logGroup: '/ecs/orders',
        logStream: 'loki-shipper-doctor',
        time: installation.time - 6000,
      });
      const id = /probe ([0-9a-f-]{36})$/.exec(line?.message ?? '')?.[1];
      const query = new URL(loki?.seen.at(-1)?.path ?? '', 'http://l').searchParams;
      expect(query.get('query')).to.equal(`{log_group="/ecs/orders"} |= "${id}"`);
      expect(query.get('start')).to.equal(String((installation.time - 9000) * 1e6));
    });

    it('gives up after three minutes', async () => {
      await readable(() => nothing);
      const finding = await said();
      expect(finding?.level).to.equal('problem');
      expect(steady(finding?.finding ?? '')).to.equal(
        'A line was written to /ecs/orders, and it was not in Loki at <host> within 3 minutes.',
      );
      expect(installation.waits.reduce((sum, ms) => sum + ms)).to.equal(180_000);
    });

    it('without a way to Loki believes the log of the shipper', async () => {
      const record = { logGroup: '/ecs/orders', EntriesReceived: 1, EntriesStored: 1 };
      installation.log = ({ logGroup, from }) => {
        expect(logGroup).to.equal('/aws/lambda/loki-shipper-shipper');
        const others = [
          'no JSON',
          JSON.stringify({ ...record, logGroup: '/x' }),
          JSON.stringify({ ...record, EntriesStored: 0 }),
        ];
        return installation.now() - from < 9000 ? others : [...others, JSON.stringify(record)];
      };
      expect((await said())?.finding).to.equal(
        'The shipper stored lines of /ecs/orders within 9 s after one was written. (With LOKI_ADDR, it is looked for in Loki itself.)',
      );
    });

    it('says that the shipper stored nothing', async () => {
      expect((await said())?.finding).to.include('the shipper did not store lines of it within 3 minutes');
    });

    for (const [logGroup, finding] of [
      ['/ecs/other', 'Log group /ecs/other is not shipped.'],
      ['/ecs/errors', 'Of log group /ecs/errors, only lines that match a pattern are shipped.'],
    ] as const)
      it(`writes none where it would not arrive: ${finding}`, async () => {
        expect(await said(logGroup)).to.include({ level: 'problem', finding });
        expect(installation.lines).to.deep.equal([]);
      });

    it('says which right is missing', async () => {
      Object.assign(installation, { log: denied('logs:FilterLogEvents') });
      expect((await said())?.finding).to.include('you need logs:FilterLogEvents for it');
    });

    it('that is interrupted ends with 130', async () => {
      installation.log = () => {
        installation.interruption.abort();
        return [];
      };
      const { code, out } = await run('--probe-group', '/ecs/orders');
      expect(code).to.equal(130);
      expect(out).to.include('Interrupted: not everything was looked at.');
    });
  });
});
