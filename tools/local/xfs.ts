import { join } from 'node:path';
import { onPath } from './commands.ts';
import { type DebianPackage, unpackPackages } from './debian-packages.ts';

const PACKAGES: readonly DebianPackage[] = [
  {
    name: 'xfsprogs',
    version: '6.1.0-1',
    sha256: 'e2d2a60dd29d568b5724b66d9ff864305cec61a15e6ba842079398524e1c5718',
  },
  {
    name: 'libinih1',
    version: '55-1',
    sha256: '1286ddab2ef1050389e585ad3bfd0a0d9bdd26475003a33b4eec884bccd50477',
  },
  {
    name: 'liburcu8',
    version: '0.13.2-1',
    sha256: '8647049698200fb5e20a130a09059b51878bb98643a120c7b0c6cbfd3f9b42dd',
  },
];

/** Where the programs of xfs are, besides the usual places, and their libraries. */
export interface XfsPrograms {
  readonly path: readonly string[];
  readonly libraries: readonly string[];
}

/** Finds mkfs.xfs and its like: on the PATH, else Debian's packages are unpacked. @throws MissingPart */
export async function findXfsPrograms(): Promise<XfsPrograms> {
  if (onPath('mkfs.xfs')) return { path: [], libraries: [] };
  const folder = await unpackPackages(PACKAGES, 'install xfsprogs.');
  return {
    path: ['sbin', 'usr/sbin'].map((name) => join(folder, name)),
    libraries: ['lib', 'usr/lib'].map((name) => join(folder, name, 'x86_64-linux-gnu')),
  };
}
