import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { ACCOUNT, REGION } from '../../tools/local/account.ts';
import { run } from '../../tools/local/commands.ts';
import { LOCAL } from '../../tools/local/folders.ts';
import type { Stack } from '../../tools/local/stack.ts';
import { sourcesOf } from '../../tools/release/module-source.ts';
import type { Inputs } from '../e2e/deployment.ts';
import type { FakeApi } from './fake-api.ts';
import { writeModuleRepository } from './module-repository.ts';
import { createPlanRole, takeRole } from './plan-role.ts';
import type { Surroundings } from './runners.ts';
import { GITHUB_JOB, GITLAB_JOB, tokenOf } from './token.ts';

const VERSION = '0.1.0';
const BACKEND = { bucket: 'terraform-state', key: 'platform.tfstate', region: REGION };

/** Stands in for pipx: what it would install is there. */
const PIPX = `#!/bin/sh
[ "$1 \${2%==*}" = 'install checkov' ]
`;

/**
 * A platform team's repository, as docs/reviews.md sets it up: state in S3, the module a release by git. What the tests
 * add are the addresses of the local stack.
 */
export class Platform {
  readonly #stack: Stack;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(stack: Stack, env: NodeJS.ProcessEnv) {
    this.#stack = stack;
    this.#env = env;
  }

  static async build(stack: Stack, checkov: string): Promise<Platform> {
    const s3 = new S3Client({ ...stack.client, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: BACKEND.bucket }));
    await createPlanRole(stack);
    return new Platform(stack, {
      ...(await writeModuleRepository(stack.folder, VERSION)),
      PATH: [writePrograms(stack, checkov), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
      HOME: stack.folder,
      TMPDIR: stack.folder,
      TF_CLI_CONFIG_FILE: join(LOCAL, 'terraform/cli.tfrc'),
      AWS_ENDPOINT_URL: stack.endpoint,
      AWS_TOKEN: tokenOf(GITLAB_JOB),
    });
  }

  /** Applies a configuration, as the account's root. @throws Error with Terraform's words */
  async apply(inputs: Inputs): Promise<void> {
    const cwd = this.#checkout(inputs, {});
    const env = { ...this.#env, AWS_ACCESS_KEY_ID: ACCOUNT, AWS_SECRET_ACCESS_KEY: 'test' };
    for (const args of [['init'], ['apply', '-auto-approve']]) {
      const command = [...args, '-input=false', '-no-color'];
      const { status, stdout, stderr } = await run(this.#stack.terraform.binary, command, { cwd, env });
      if (status !== 0) throw new Error(`terraform ${args[0]}:\n${stdout}\n${stderr}`);
    }
  }

  /** What a review of a request finds on its machine: a fresh checkout. @param blocks more of the configuration */
  surroundings(api: FakeApi, inputs: Inputs, blocks: Inputs = {}): Surroundings {
    return {
      api,
      workspace: this.#checkout(inputs, blocks),
      temp: mkdtempSync(join(this.#stack.folder, 'temp-')),
      env: this.#env,
      action: (uses, given) => this.#act(uses, given),
    };
  }

  #checkout(inputs: Inputs, blocks: Inputs): string {
    const folder = mkdtempSync(join(this.#stack.folder, 'checkout-'));
    const write = (file: string, content: unknown) => writeFileSync(join(folder, file), JSON.stringify(content));
    const required_providers = { aws: { source: 'hashicorp/aws', version: '>= 5.100.0' } };
    write('main.tf.json', {
      terraform: { required_providers, backend: { s3: BACKEND } },
      provider: { aws: { region: REGION } },
      module: { loki_shipper: { source: sourcesOf(VERSION)(), ...inputs } },
      ...blocks,
    });
    const { endpoint } = this.#stack;
    write('local_stack_override.tf.json', {
      terraform: { backend: { s3: { ...BACKEND, use_path_style: true, endpoints: { s3: endpoint, sts: endpoint } } } },
      provider: { aws: { s3_use_path_style: true, endpoints: [{ sts: endpoint }] } },
    });
    mkdirSync(join(folder, 'ci'));
    cpSync('examples/ci/review.sh', join(folder, 'ci/loki-shipper-review.sh'));
    return folder;
  }

  /** Stands in for the actions: what they install is there. */
  async #act(uses: string, inputs: Readonly<Record<string, unknown>>): Promise<NodeJS.ProcessEnv> {
    switch (uses.split('@')[0]) {
      case 'aws-actions/configure-aws-credentials':
        return {
          AWS_REGION: String(inputs['aws-region']),
          ...(await takeRole(this.#stack, String(inputs['role-to-assume']), GITHUB_JOB)),
        };
      case 'actions/checkout':
      case 'actions/setup-node':
      case 'hashicorp/setup-terraform':
        return {};
      default:
        throw new Error(`the runner of the tests does not know the action ${uses}`);
    }
  }
}

/** What runners have, or what is installed on them. @returns its folder */
function writePrograms({ folder, terraform }: Stack, checkov: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(terraform.binary, join(bin, 'terraform'));
  symlinkSync(checkov, join(bin, 'checkov'));
  writeFileSync(join(bin, 'pipx'), PIPX, { mode: 0o755 });
  return bin;
}
