import { code, table } from '../build-readme.ts';
import { addressesOf, modulesByFolder, releasedAddresses, whereIs } from '../release/addresses.ts';
import { betweenMarkers } from './between-markers.ts';

/** What the working tree is called, of which the next release is made. */
const NEXT = 'next';

/** docs/upgrading.md with the addresses of each release between its markers. */
export function upgradingWithAddresses(current: string): string {
  return betweenMarkers(current, { addresses: addressTables() });
}

/** For each module the addresses that a release or the working tree has. */
function addressTables(): string {
  const modules = modulesByFolder();
  const versions = Object.entries({ ...releasedAddresses(), [NEXT]: addressesOf(modules) });
  return Object.keys(modules)
    .map((folder) => {
      const versionsWith = (address: string) =>
        versions.filter(([, addresses]) => addresses[folder]?.includes(address)).map(([version]) => version);
      const all = [...new Set(versions.flatMap(([, addresses]) => addresses[folder] ?? []))].sort();
      const rows = all.filter(isOwn).map((address) => {
        const having = versionsWith(address);
        const to = whereIs(address, modules, folder);
        const until = having.at(-1) === NEXT ? '' : `${having.at(-1)}${to ? `, then ${code(to)}` : ''}`;
        return [code(address), having[0] ?? '', until];
      });
      return `### ${TITLES[folder] ?? folder}\n\n${table(['address', 'since', 'until'], rows)}`;
    })
    .join('\n');
}

const TITLES: Readonly<Record<string, string>> = { '.': 'The root module' };

/** What is nested in a module call is an address of the module that is called. */
function isOwn(address: string): boolean {
  return !/^module\.[^.]+\./.test(address);
}
