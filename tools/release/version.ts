import { ReleaseRefused } from './refused.ts';

/** A version of https://semver.org, without build metadata: registries of Terraform tell no two of these apart. */
const VERSION =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*))*))?$/;

export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/** @throws ReleaseRefused for what is no version */
export function parseVersion(text: string): string {
  if (!isVersion(text))
    throw new ReleaseRefused(`"${text}" is no version: three numbers are, such as 0.1.0 (https://semver.org).`);
  return text;
}

/** The order of https://semver.org/#spec-item-11. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => VERSION.exec(version)?.slice(1) ?? []) as [string[], string[]];
  for (const i of [0, 1, 2]) if (left[i] !== right[i]) return Number(left[i]) - Number(right[i]);
  return comparePreReleases(left[3], right[3]);
}

function comparePreReleases(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const [left, right] = [a.split('.'), b.split('.')];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compareIdentifiers(left[i] ?? '', right[i] ?? '');
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Numbers come before words. */
function compareIdentifiers(a: string, b: string): number {
  const [left, right] = [a, b].map((identifier) => /^\d+$/.test(identifier)) as [boolean, boolean];
  if (left && right) return Number(a) - Number(b);
  if (left !== right) return left ? -1 : 1;
  return a < b ? -1 : Number(a > b);
}
