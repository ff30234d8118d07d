import { mkdirSync, readdirSync, renameSync, symlinkSync } from 'node:fs';
import { arch, homedir, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { isAtLeast, VERSIONS } from './versions.ts';

/** A folder in the layout of Terraform's filesystem mirrors. */
export interface Mirror {
  readonly folder: string;
  /** What it has, for example `registry.terraform.io/hashicorp/aws`. */
  readonly providers: readonly string[];
}

const PROVIDERS = ['registry.terraform.io/hashicorp/aws', 'registry.opentofu.org/hashicorp/aws'];

/** Terraform's names of this platform, for example `linux_amd64`. */
const PLATFORM = `${platform() === 'win32' ? 'windows' : platform()}_${arch() === 'x64' ? 'amd64' : arch()}`;

/**
 * Looks for the AWS provider, of a version that will do and for this platform, in folders and in their subfolders.
 * https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror
 */
export function findProviderMirror(roots: readonly string[]): Mirror | undefined {
  for (const folder of roots.flatMap((root) => [root, ...entries(root).map((name) => join(root, name))])) {
    const providers = PROVIDERS.filter((provider) => hasProvider(join(folder, provider)));
    if (providers.length > 0) return { folder, providers };
  }
  return undefined;
}

/** Unpacked it is `<version>/<platform>/`, packed `terraform-provider-aws_<version>_<platform>.zip`. */
function hasProvider(folder: string): boolean {
  return entries(folder).some((name) => {
    const packed = /^terraform-provider-aws_([\d.]+)_(.+)\.zip$/.exec(name);
    if (packed) return packed[2] === PLATFORM && isAtLeast(packed[1] ?? '', VERSIONS.provider.least);
    return isAtLeast(name, VERSIONS.provider.least) && entries(join(folder, name)).includes(PLATFORM);
  });
}

/**
 * A mirror that has the provider for Terraform and for OpenTofu, which ask for it by different addresses: HashiCorp
 * publishes one program, and OpenTofu's registry hands on the same. Where one of them is missing, links in a folder of
 * ours lead to the other's.
 * https://opentofu.org/docs/language/providers/requirements/#source-addresses
 *
 * @param folder for the links
 */
export function forBothRegistries(mirror: Mirror, folder: string): Mirror {
  if (mirror.providers.length === PROVIDERS.length) return mirror;
  const [from = ''] = mirror.providers;
  for (const provider of PROVIDERS) {
    // Terraform follows a link to a provider, but none to a folder above it.
    for (const path of providerPaths(join(mirror.folder, from))) {
      mkdirSync(join(folder, provider, dirname(path)), { recursive: true });
      link(join(mirror.folder, from, path), join(folder, provider, path));
    }
  }
  return { folder, providers: PROVIDERS };
}

/** Of the provider's versions for this platform, in a folder of a mirror: packed ones, and folders of unpacked ones. */
function providerPaths(folder: string): readonly string[] {
  return entries(folder).flatMap((name) => {
    if (name.endsWith(`_${PLATFORM}.zip`)) return [name];
    return entries(join(folder, name)).includes(PLATFORM) ? [join(name, PLATFORM)] : [];
  });
}

/** Others may make the same link at the same time, or one to a mirror that was found before. */
function link(target: string, path: string): void {
  const made = `${path}.${process.pid}`;
  symlinkSync(target, made);
  renameSync(made, path);
}

/** Where mirrors are: the one that LOKI_SHIPPER_PROVIDER_MIRROR names, or else the usual places. */
export function mirrorRoots(env: NodeJS.ProcessEnv): readonly string[] {
  if (env.LOKI_SHIPPER_PROVIDER_MIRROR) return [env.LOKI_SHIPPER_PROVIDER_MIRROR];
  return [
    ...(env.TF_PLUGIN_CACHE_DIR ? [env.TF_PLUGIN_CACHE_DIR] : []),
    join(homedir(), '.terraform.d'),
    join(homedir(), '.local/share/terraform'),
    '/usr/local/share/terraform',
    '/usr/share/terraform',
    '/usr/local/share',
    '/usr/share',
    '/opt',
  ];
}

function entries(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // Not there, or no folder.
  }
}
