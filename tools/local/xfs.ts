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

/**
 * Finds mkfs.xfs and its like: on the PATH, else Debian's packages are unpacked.
 *
 * @returns the folder in which they were unpacked, with their libraries
 * @throws MissingPart
 */
export async function findXfsPrograms(): Promise<string | undefined> {
  return onPath('mkfs.xfs') ? undefined : unpackPackages(PACKAGES, 'install xfsprogs.');
}
