import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { onPath, type Result, type RunOptions, run } from './commands.ts';
import { LOCAL } from './folders.ts';
import { MissingPart } from './missing-part.ts';
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
  const binary = process.env.LOKI_SHIPPER_TERRAFORM ?? onPath('terraform') ?? onPath('tofu');
  const advice = `install Terraform or OpenTofu ${VERSIONS.terraform.least} or newer, or name one in LOKI_SHIPPER_TERRAFORM.`;
  if (!binary) throw new MissingPart(`Terraform is not on the PATH: ${advice}`);

  const env = { ...process.env, TF_CLI_CONFIG_FILE: writeCliConfig(), TF_IN_AUTOMATION: '1', TF_INPUT: '0' };
  const { stdout } = await run(binary, ['version', '-json'], { env });
  const version = String(JSON.parse(stdout).terraform_version);
  if (!isAtLeast(version, VERSIONS.terraform.least)) throw new MissingPart(`${binary} is ${version}: ${advice}`);

  return {
    binary,
    version,
    run: (args, options) =>
      run(binary, args, { ...options, env: { ...env, TF_CLI_ARGS: '-no-color', ...options.env } }),
  };
}

/** An inherited configuration may name a file that is not there, or ask the network where there is none: ours is written. */
function writeCliConfig(): string {
  const folder = join(LOCAL, 'terraform');
  mkdirSync(join(folder, 'plugins'), { recursive: true });
  const file = join(folder, 'cli.tfrc');
  writeFileSync(file, cliConfig(findProviderMirror(mirrorRoots()), join(folder, 'plugins')));
  return file;
}

/**
 * Terraform's configuration: the provider comes from the mirror if there is one, else from the registry, once.
 * https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
 */
export function cliConfig(mirror: string | undefined, cache: string): string {
  if (!mirror) return `disable_checkpoint = true\nplugin_cache_dir = ${JSON.stringify(cache)}\n`;
  const aws = JSON.stringify(REGISTRIES.map((host) => `${host}/hashicorp/aws`));
  return `disable_checkpoint = true
provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ${aws}
  }
  direct {
    exclude = ${aws}
  }
}
`;
}

const REGISTRIES = ['registry.terraform.io', 'registry.opentofu.org'];

/** A folder that holds `<registry>/hashicorp/aws/<version>/`, if one of the roots is or has one. */
export function findProviderMirror(roots: readonly string[]): string | undefined {
  return roots
    .flatMap((root) => [root, ...subfolders(root)])
    .find((folder) => REGISTRIES.some((host) => subfolders(join(folder, host, 'hashicorp', 'aws')).length > 0));
}

function mirrorRoots(): string[] {
  const { LOKI_SHIPPER_PROVIDER_MIRROR: named, TF_PLUGIN_CACHE_DIR: cache } = process.env;
  if (named) return [named];
  const homes = [join(homedir(), '.terraform.d'), join(homedir(), '.local/share/terraform')];
  return [...(cache ? [cache] : []), ...homes, '/usr/local/share/terraform', '/usr/share/terraform', '/opt'];
}

function subfolders(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isFile())
    .map((entry) => join(folder, entry.name));
}
