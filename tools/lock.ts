import { readFileSync } from 'node:fs';

/** A package as package-lock.json has it. */
export interface LockedPackage {
  /** Such as `node_modules/a/node_modules/b`. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly integrity?: string;
  /** An address it comes from; none where it comes from the registry that is set. */
  readonly resolved?: string;
  readonly link?: boolean;
  /** Whether it is part of the archive of another package. */
  readonly inBundle?: boolean;
  readonly hasInstallScript?: boolean;
  readonly deprecated?: string;
  readonly license?: string;
  readonly engines?: { readonly node?: string };
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** All packages that `npm ci` installs, on whatever machine, by path. */
export function lockedPackages(file = 'package-lock.json'): ReadonlyMap<string, LockedPackage> {
  const { packages } = JSON.parse(readFileSync(file, 'utf8')) as Lock;
  return new Map(
    Object.entries(packages)
      .filter(([path]) => path !== '')
      .map(([path, locked]) => [path, { ...locked, path, name: packageName(path) }]),
  );
}

interface Lock {
  readonly packages: Readonly<Record<string, Omit<LockedPackage, 'path' | 'name'>>>;
}

/** The name of a package, of where it is: `node_modules/a/node_modules/b` is `b`. */
export function packageName(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** Such as `mocha@12.0.3`. */
export function idOf({ name, version }: Pick<LockedPackage, 'name' | 'version'>): string {
  return `${name}@${version}`;
}

/** The packages of these names, with all that they depend on. */
export function withDependencies(
  names: readonly string[],
  packages: ReadonlyMap<string, LockedPackage>,
): readonly LockedPackage[] {
  const found = new Map<string, LockedPackage>();
  const add = (name: string, from: string) => {
    const locked = resolve(name, from, packages);
    if (found.has(locked.path)) return;
    found.set(locked.path, locked);
    for (const dependency of Object.keys(locked.dependencies ?? {})) add(dependency, `${locked.path}/`);
  };
  for (const name of names) add(name, '');
  return [...found.values()];
}

/** As Node looks for it: in the folder of who asks, then in those above. */
function resolve(name: string, from: string, packages: ReadonlyMap<string, LockedPackage>): LockedPackage {
  const locked = packages.get(`${from}node_modules/${name}`);
  if (locked) return locked;
  if (from === '') throw new Error(`${name} is not in package-lock.json.`);
  return resolve(name, from.slice(0, Math.max(0, from.lastIndexOf('node_modules/'))), packages);
}
