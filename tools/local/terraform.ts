import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onPath, type Result, type RunOptions, run } from './commands.ts';
import { LOCAL, writeWhole } from './folders.ts';
import { MissingPart } from './missing-part.ts';
import { findProviderMirror, forBothRegistries, type Mirror, mirrorRoots } from './provider-mirror.ts';
import { isAtLeast, VERSIONS } from './versions.ts';

export interface Terraform {
  readonly binary: string;
  /** Of Terraform, or of OpenTofu. */
  readonly version: string;
  /** Runs a command in a folder, without colours and questions. Does not throw when it fails. */
  run(args: readonly string[], options: RunOptions & { readonly cwd: string }): Promise<Result>;
}

/**
 * Finds Terraform, or OpenTofu: LOKI_SHIPPER_TERRAFORM, else the PATH.
 * @throws MissingPart when there is none, or an old one
 */
export async function findTerraform(): Promise<Terraform> {
  const binary = process.env.LOKI_SHIPPER_TERRAFORM || onPath('terraform') || onPath('tofu');
  const advice = `install Terraform or OpenTofu ${VERSIONS.terraform.least} or newer, or name one in LOKI_SHIPPER_TERRAFORM.`;
  if (!binary) throw new MissingPart(`Terraform is not on the PATH: ${advice}`);
  const terraform = await terraformAt(binary);
  if (!isAtLeast(terraform.version, VERSIONS.terraform.least))
    throw new MissingPart(`${binary} is ${terraform.version}: ${advice}`);
  return terraform;
}

/** A program that is Terraform or OpenTofu, whatever its version. */
export async function terraformAt(binary: string): Promise<Terraform> {
  const env = {
    ...withoutSettings(process.env),
    TF_CLI_CONFIG_FILE: writeCliConfig(),
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
  };
  const { stdout } = await run(binary, ['version', '-json'], { env });
  return {
    binary,
    version: /"terraform_version": *"([^"]+)"/.exec(stdout)?.[1] ?? 'no version that it tells',
    run: (args, options) =>
      run(binary, args, { ...options, env: { ...env, TF_CLI_ARGS: '-no-color', ...options.env } }),
  };
}

/** The user's own settings of Terraform and AWS are for the user's own account. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(TF|AWS)_/.test(name)));
}

/** An inherited configuration may name a file that is not there, or ask the network where there is none: ours is written. */
function writeCliConfig(): string {
  const folder = join(LOCAL, 'terraform');
  mkdirSync(join(folder, 'plugins'), { recursive: true });
  const mirror = findProviderMirror(mirrorRoots(process.env));
  const file = join(folder, 'cli.tfrc');
  writeWhole(file, cliConfig(mirror && forBothRegistries(mirror, join(folder, 'mirror')), join(folder, 'plugins')));
  return file;
}

/**
 * Terraform's configuration: the provider comes from the mirror if there is one, else from the registry, once.
 * https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
 *
 * @param cache folder that keeps what comes from a registry
 */
export function cliConfig(mirror: Mirror | undefined, cache: string): string {
  if (!mirror) return `disable_checkpoint = true\nplugin_cache_dir = ${JSON.stringify(cache)}\n`;
  const mirrored = JSON.stringify(mirror.providers);
  return `disable_checkpoint = true
provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror.folder)}
    include = ${mirrored}
  }
  direct {
    exclude = ${mirrored}
  }
}
`;
}
