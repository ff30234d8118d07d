import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { CallFailed } from '../../../cli/aws/call-failed.ts';
import { runCli } from '../../../cli/program.ts';
import type { Result, RunOptions } from '../../../cli/run-program.ts';
import { expectGolden } from '../../support/golden.ts';
import { ScriptedSurroundings } from '../scripted-surroundings.ts';

const URL = 'https://loki.example.com';
const NAME = 'loki-shipper-demo-123456789012-eu-central-1';

const OUTPUTS = {
  log_groups: {
    value: {
      '/aws/lambda/fun-checkout': {
        labels: {
          name: 'fun-checkout',
          owner: 'team-checkout',
          location: 'eu-central-1',
          sut: 'orders',
          language: 'python',
        },
      },
      '/aws/lambda/fun-invoice': {
        labels: {
          name: 'fun-invoice',
          owner: 'team-billing',
          location: 'eu-central-1',
          sut: 'orders',
          language: 'nodejs',
        },
      },
    },
  },
  functions: { value: ['fun-checkout', 'fun-invoice'] },
  shipper: { value: 'loki-shipper-demo-shipper' },
  bucket: { value: 'loki-shipper-demo-123456789012-eu-central-1' },
};

const PRINTED: Readonly<Record<string, readonly string[]>> = {
  apply: [
    'Plan: 2 to add, 0 to change, 0 to destroy.',
    'a: Creation complete after 1s',
    'b: Creation complete after 2s',
  ],
  output: [JSON.stringify(OUTPUTS)],
  destroy: ['a: Destruction complete after 1s', 'b: Destruction complete after 2s'],
};

interface Call {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: RunOptions;
}

describe('loki-shipper demo', () => {
  let folder: string;
  let calls: Call[];
  /** What the next runs of Terraform end with, by command. */
  let failing: Readonly<Record<string, Partial<Result>>>;
  /** What the user answers; undefined where there is no terminal. */
  let answer: string | undefined;
  let account: string;
  let surroundings: ScriptedSurroundings;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'demo-'));
    mkdirSync(join(folder, 'bin'));
    for (const program of ['terraform', 'tofu']) {
      writeFileSync(join(folder, 'bin', program), '');
      chmodSync(join(folder, 'bin', program), 0o755);
    }
    calls = [];
    failing = {};
    answer = undefined;
    account = '123456789012';
    const files = {
      'examples/demo/main.tf': 'module {}',
      'dist/module/main.tf.json': '{}',
      'dist/module/function.zip': 'PK',
    };
    Object.assign(globalThis, {
      DEMO_FILES: Object.fromEntries(
        Object.entries(files).map(([path, content]) => [path, Buffer.from(content).toString('base64')]),
      ),
    });
  });
  afterEach(() => {
    Reflect.deleteProperty(globalThis, 'DEMO_FILES');
    rmSync(folder, { recursive: true });
  });

  const run = async (args: readonly string[], isTTY = false, env: Readonly<Record<string, string>> = {}) => {
    surroundings = new ScriptedSurroundings([], isTTY);
    const text = answer;
    const code = await runCli(['demo', ...args], {
      ...surroundings,
      stateFolder: folder,
      env: { PATH: join(folder, 'bin'), ...env },
      callerOf: async ({ region = 'eu-central-1' }) => ({
        account,
        region: `${region}`,
        arn: `arn:aws:iam::${account}:user/ada`,
      }),
      ask: text === undefined ? undefined : async () => text,
      run: async (command, args, options) => {
        calls.push({ command, args, options });
        const lines = PRINTED[args[0] ?? ''] ?? [];
        for (const line of lines) options.onLine?.(line);
        return { status: 0, stdout: lines.join('\n'), stderr: '', ...failing[args[0] ?? ''] };
      },
    });
    return { code, out: surroundings.stdout.text, err: surroundings.stderr.text };
  };
  const START = ['start', '--loki-url', URL, '--yes'];
  const demos = () => (existsSync(join(folder, 'demo')) ? readdirSync(join(folder, 'demo')) : []);
  const written = (path: string) => readFileSync(join(folder, 'demo', NAME, path), 'utf8');

  it('has this help', async () => {
    for (const command of ['start', 'stop']) {
      const { code, out } = await run([command, '--help']);
      expect(code).to.equal(0);
      expectGolden(`tests/cli/demo/golden/help-${command}.txt`, out);
    }
  });

  it('starts: writes its files, has Terraform apply them, and says what to look at', async () => {
    const { code, out, err } = await run(START);
    expect(code).to.equal(0);
    expectGolden('tests/cli/demo/golden/start.txt', out);
    expect(err).to.equal(
      'This creates two sample functions and the loki-shipper loki-shipper-demo in account 123456789012, region eu-central-1, as arn:aws:iam::123456789012:user/ada. Until loki-shipper demo stop it costs some cents a day.\n',
    );
    expect(calls.map(({ args }) => args.join(' '))).to.deep.equal(['init', 'apply -auto-approve', 'output -json']);
    for (const { command, options } of calls) {
      expect(command).to.equal(join(folder, 'bin', 'terraform'));
      expect(options.cwd).to.equal(join(folder, 'demo', NAME, 'examples', 'demo'));
    }
    expect(written('examples/demo/main.tf')).to.equal('module {}');
    expect(written('dist/module/function.zip')).to.equal('PK');
    expect(JSON.parse(written('examples/demo/demo.auto.tfvars.json'))).to.deep.equal({
      loki_url: URL,
      region: 'eu-central-1',
    });
    expect(JSON.parse(written('examples/demo/demo_override.tf.json'))).to.deep.equal({
      provider: { aws: { allowed_account_ids: ['123456789012'] } },
      module: { loki_shipper: { name: 'loki-shipper-demo' } },
    });
  });

  it('gives the result as JSON', async () => {
    const { out } = await run([...START, '--json']);
    expect(out).to.match(/^{.*}\n$/);
    expect(JSON.parse(out)).to.deep.equal({
      name: 'loki-shipper-demo',
      account: '123456789012',
      region: 'eu-central-1',
      lokiUrl: URL,
      folder: join(folder, 'demo', NAME),
      resources: 2,
      functions: ['fun-checkout', 'fun-invoice'],
      shipper: 'loki-shipper-demo-shipper',
      bucket: 'loki-shipper-demo-123456789012-eu-central-1',
      logGroups: Object.fromEntries(
        Object.entries(OUTPUTS.log_groups.value).map(([group, { labels }]) => [group, labels]),
      ),
      query: '{language="python", location="eu-central-1", name=~"fun.*"}',
    });
  });

  it('takes another name, region, profile and module, and no other credentials than those of the profile', async () => {
    const args = ['--name', 'mine', '--region', 'eu-west-1', '--profile', 'sandbox', '--module', '../../../module'];
    await run([...START, ...args], false, { AWS_ACCESS_KEY_ID: 'other', HOME: '/home/ada' });
    expect(demos()).to.deep.equal(['mine-123456789012-eu-west-1']);
    const [call] = calls;
    expect(call?.options.env).to.deep.include({ AWS_REGION: 'eu-west-1', AWS_PROFILE: 'sandbox', HOME: '/home/ada' });
    expect(call?.options.env).to.not.have.property('AWS_ACCESS_KEY_ID');
    const override = join(folder, 'demo', 'mine-123456789012-eu-west-1', 'examples', 'demo', 'demo_override.tf.json');
    expect(JSON.parse(readFileSync(override, 'utf8')).module).to.deep.equal({
      loki_shipper: { name: 'mine', source: '../../../module' },
    });
    await run([...START], false, { AWS_ACCESS_KEY_ID: 'mine' });
    expect(calls.at(-1)?.options.env).to.include({ AWS_ACCESS_KEY_ID: 'mine' });
  });

  it('shows on a terminal how far it is', async () => {
    const { err } = await run(START, true);
    expect(err.split('\r\x1b[2K').slice(1)).to.deep.equal([
      'Creating …',
      'Creating: 0 of 2 resources',
      'Creating: 1 of 2 resources',
      'Creating: 2 of 2 resources',
      '',
    ]);
  });

  it('takes OpenTofu where there is no Terraform', async () => {
    rmSync(join(folder, 'bin', 'terraform'));
    expect((await run(START)).code).to.equal(0);
    expect(calls[0]?.command).to.equal(join(folder, 'bin', 'tofu'));
  });

  it('stops: has Terraform destroy everything, and removes its folder', async () => {
    await run(START);
    calls.length = 0;
    const { code, out, err } = await run(['stop', '--yes']);
    expect({ code, out }).to.deep.equal({ code: 0, out: 'The demo loki-shipper-demo is gone.\n' });
    expect(err).to.equal(
      'This removes the demo loki-shipper-demo from account 123456789012, region eu-central-1, as arn:aws:iam::123456789012:user/ada.\n',
    );
    expect(calls.map(({ args }) => args.join(' '))).to.deep.equal(['destroy -auto-approve']);
    expect(demos()).to.deep.equal([]);
    await run(START);
    expect(JSON.parse((await run(['stop', '--yes', '--json'])).out)).to.deep.equal({
      name: 'loki-shipper-demo',
      account: '123456789012',
      region: 'eu-central-1',
      folder: join(folder, 'demo', NAME),
    });
  });

  it('asks, and does nothing unless the answer is yes', async () => {
    for (const text of ['', 'no', 'y']) {
      answer = text;
      expect((await run(['start', '--loki-url', URL])).code).to.equal(1);
    }
    expect(calls).to.deep.equal([]);
    expect(demos()).to.deep.equal([]);
    answer = 'yes\n';
    expect((await run(['start', '--loki-url', URL])).code).to.equal(0);
    answer = 'no';
    expect((await run(['stop'])).code).to.equal(1);
    expect(demos()).to.deep.equal([NAME]);
  });

  describe('refuses in one sentence, and creates nothing:', () => {
    afterEach(() => {
      expect(calls).to.deep.equal([]);
    });

    it('without Terraform', async () => {
      for (const program of ['terraform', 'tofu']) rmSync(join(folder, 'bin', program));
      for (const args of [START, ['stop', '--yes']])
        expect(await run(args)).to.deep.equal({
          code: 3,
          out: '',
          err: 'error: Neither terraform nor tofu is on the PATH: install Terraform or OpenTofu 1.9 or newer.\n',
        });
    });

    it('without credentials', async () => {
      const surroundings = new ScriptedSurroundings([]);
      const error = Object.assign(new Error(), { name: 'CredentialsProviderError' });
      const code = await runCli(['demo', ...START], {
        ...surroundings,
        env: { PATH: join(folder, 'bin') },
        callerOf: async () => {
          throw new CallFailed({ call: 'sts:GetCallerIdentity', target: 'your credentials', missing: '' }, error);
        },
      });
      expect(code).to.equal(3);
      expect(surroundings.stderr.text).to.equal(
        'error: sts:GetCallerIdentity failed with CredentialsProviderError for your credentials: there are no credentials of AWS: check --profile, or the environment.\n',
      );
    });

    it('without a terminal to ask in', async () => {
      expect((await run(['start', '--loki-url', URL])).err).to.match(
        /\nerror: There is no terminal to ask in: give --yes if this is what you want\.\n$/,
      );
    });

    it('from its sources', async () => {
      Reflect.deleteProperty(globalThis, 'DEMO_FILES');
      expect((await run(START)).err).to.equal(
        'error: The files of the demo are in the built command line only: npm run build, then dist/cli/loki-shipper.mjs demo.\n',
      );
    });

    for (const url of ['loki.example.com', 'https://ada:secret@loki', 'https://loki?x=1'])
      it(`with a URL that the module refuses: ${url}`, async () => {
        const { code, err } = await run(['start', '--loki-url', url, '--yes']);
        expect(code).to.equal(64);
        expect(err).to.include('It must be http:// or https://, a host and maybe a path, without credentials.');
      });
  });

  it('does not stop the demo of another account or region', async () => {
    await run(START);
    calls.length = 0;
    account = '210987654321';
    const { code, err } = await run(['stop', '--yes']);
    expect(code).to.equal(3);
    expect(err).to.equal(
      `error: No demo loki-shipper-demo was started from here in account 210987654321, region eu-central-1: there is no folder ${join(folder, 'demo')}/loki-shipper-demo-210987654321-eu-central-1.\n`,
    );
    expect(calls).to.deep.equal([]);
    expect(demos()).to.deep.equal([NAME]);
  });

  it("says Terraform's words when it fails, keeps the folder, and goes on with the same command", async () => {
    failing = { apply: { status: 1, stderr: 'Error: creating IAM Role: AccessDenied\n' } };
    const { code, out, err } = await run(START);
    expect({ code, out }).to.deep.equal({ code: 3, out: '' });
    expect(err).to.match(/\nerror: terraform apply failed:\nError: creating IAM Role: AccessDenied\n$/);
    expect(demos()).to.deep.equal([NAME]);
    failing = { destroy: { status: 1, stderr: 'Error: no' } };
    expect((await run(['stop', '--yes'])).code).to.equal(3);
    expect(demos()).to.deep.equal([NAME]);
    failing = {};
    expect((await run(START)).code).to.equal(0);
    expect((await run(['stop', '--yes'])).code).to.equal(0);
    expect(demos()).to.deep.equal([]);
  });

  it('ends with 130 when it is interrupted, and says how to go on', async () => {
    failing = {
      get apply() {
        surroundings.interruption.abort();
        return { status: 1, stderr: 'Interrupted.' };
      },
    };
    const { code, err } = await run(START);
    expect(code).to.equal(130);
    expect(err).to.match(
      /\nInterrupted: the same command goes on, and loki-shipper demo stop removes what was created\.\n$/,
    );
    expect(calls.at(-1)?.options.signal).to.equal(surroundings.signal);
  });
});
