import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path/posix';
import { FOLDERS, type Modules, synthesize } from '../../main.ts';
import type { ModuleJson } from '../../modules/module-json.ts';

const FILE = 'releases/addresses.json';

/** Folder of a module in a release, such as `modules/loki` → the sorted addresses of its resources and module calls. */
export type Addresses = Readonly<Record<string, readonly string[]>>;

/** Adds the addresses of the modules, as the sources have them now, to those of the releases. */
export function recordAddresses(version: string, file = FILE): void {
  const releases = { ...releasedAddresses(file), [version]: addressesOf(modulesByFolder()) };
  writeFileSync(file, `${JSON.stringify(releases, null, 2)}\n`);
}

/** Version → addresses, the oldest first. Empty before the first release. */
export function releasedAddresses(file = FILE): Readonly<Record<string, Addresses>> {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** The published modules by their folders in a release; that of the root is `.`. */
export function modulesByFolder(): Readonly<Record<string, ModuleJson>> {
  const modules = Object.entries(synthesize()) as [keyof Modules, ModuleJson][];
  return Object.fromEntries(modules.map(([name, module]) => [relative(FOLDERS.shipper, FOLDERS[name]) || '.', module]));
}

/** The addresses of modules: in that of a module which calls another, with what is nested in the call. */
export function addressesOf(modules: Readonly<Record<string, ModuleJson>>): Addresses {
  return Object.fromEntries(Object.keys(modules).map((folder) => [folder, addressesIn(modules, folder).sort()]));
}

function addressesIn(modules: Readonly<Record<string, ModuleJson>>, folder: string): string[] {
  const { resource = {}, module = {} } = modules[folder] ?? {};
  return [
    ...Object.entries(resource).flatMap(([type, names]) => Object.keys(names).map((name) => `${type}.${name}`)),
    ...Object.keys(module).map((name) => `module.${name}`),
    ...nested(modules, folder, addressesIn, (address, call) => `${call}.${address}`),
  ];
}

/** Where an address of an earlier version went: `to` another one, or, without it, away. */
export interface Departure {
  readonly from: string;
  readonly to?: string;
}

/** What the `moved` and `removed` blocks of a module say, and those of the modules that it calls. */
export function departuresIn(modules: Readonly<Record<string, ModuleJson>>, folder: string): readonly Departure[] {
  const { moved = [], removed = [] } = modules[folder] ?? {};
  return [
    ...moved,
    ...removed.map(({ from }) => ({ from })),
    ...nested(modules, folder, departuresIn, ({ from, to }, call) => ({
      from: `${call}.${from}`,
      ...(to && { to: `${call}.${to}` }),
    })),
  ];
}

/** What each module has that a module calls, as it is called there. */
function nested<T>(
  modules: Readonly<Record<string, ModuleJson>>,
  folder: string,
  of: (modules: Readonly<Record<string, ModuleJson>>, folder: string) => readonly T[],
  within: (one: T, call: string) => T,
): T[] {
  return Object.entries(modules[folder]?.module ?? {}).flatMap(([name, { source }]) =>
    of(modules, join(folder, source)).map((one) => within(one, `module.${name}`)),
  );
}

/**
 * Where an address of an earlier version is in these modules.
 * @returns itself, where it is still there; null, where it was removed; undefined, where nobody says: Terraform would
 *   destroy it, and create another
 */
export function whereIs(
  address: string,
  modules: Readonly<Record<string, ModuleJson>>,
  folder: string,
): string | null | undefined {
  const departures = departuresIn(modules, folder);
  const departure = departures.find(({ from }) => address === from || address.startsWith(`${from}.`));
  if (!departure) return addressesIn(modules, folder).includes(address) ? address : undefined;
  if (departure.to === undefined) return null;
  return whereIs(`${departure.to}${address.slice(departure.from.length)}`, modules, folder);
}
