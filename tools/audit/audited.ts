import { readFileSync } from 'node:fs';
import { idOf, type LockedPackage } from '../lock.ts';

/** Where it is kept what is known. */
export const AUDITED = 'tools/audit/audited.json';

export function readAudited(): Audited {
  return JSON.parse(readFileSync(AUDITED, 'utf8')) as Audited;
}

/** What is known of weaknesses of the locked packages (`audited.json`). */
export interface Audited {
  /** `name@version` → when the registry answered for it, in ISO 8601; null if it never did. */
  readonly packages: Readonly<Record<string, string | null>>;
  /** The last run, if the registry gave it no answer. */
  readonly refused: { readonly at: string; readonly answer: string } | null;
  readonly advisories: readonly Advisory[];
}

/** A known weakness of a package that is locked. */
export interface Advisory {
  /** Such as `GHSA-xxxx-xxxx-xxxx`. */
  readonly id: string;
  /** `name@version` of each that it concerns. */
  readonly packages: readonly string[];
  readonly severity: string;
  readonly title: string;
  readonly url: string;
  /** Why it is left as it is, written by who decided; null until then. */
  readonly decision: string | null;
}

/** What `npm audit --json` prints: its report, or what went wrong. */
export interface AuditAnswer {
  readonly vulnerabilities?: Readonly<Record<string, Vulnerability>>;
  readonly message?: string;
}

interface Vulnerability {
  /** Advisories, and names of packages through which it is one. */
  readonly via: readonly (string | NpmAdvisory)[];
  /** Paths in the lock. */
  readonly nodes: readonly string[];
}

interface NpmAdvisory {
  readonly url: string;
  readonly title: string;
  readonly severity: string;
}

/**
 * What is known after the registry was asked. Decisions stay while they are about the same packages.
 * @param packages that are locked
 * @param at ISO 8601
 */
export function afterAudit(
  answer: AuditAnswer,
  packages: ReadonlyMap<string, LockedPackage>,
  before: Audited,
  at: string,
): Audited {
  const { vulnerabilities } = answer;
  const ids = [...new Set(Array.from(packages.values(), idOf))].sort();
  if (!vulnerabilities) {
    const known = Object.fromEntries(ids.map((id) => [id, before.packages[id] ?? null]));
    return { packages: known, refused: { at, answer: reasonOf(answer) }, advisories: before.advisories };
  }
  return {
    packages: Object.fromEntries(ids.map((id) => [id, at])),
    refused: null,
    advisories: Object.values(vulnerabilities)
      .flatMap((one) => advisoriesOf(one, packages))
      .map((advisory) => ({ ...advisory, decision: decisionOf(advisory, before) }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

/** Without the registry's address, which is nobody's business but who runs it. */
function reasonOf({ message = '' }: AuditAnswer): string {
  return /^\d{3} [A-Za-z ]+/.exec(message)?.[0].trim() ?? 'no report';
}

function advisoriesOf(
  { via, nodes }: Vulnerability,
  packages: ReadonlyMap<string, LockedPackage>,
): Omit<Advisory, 'decision'>[] {
  const concerned = nodes.flatMap((path) => packages.get(path) ?? []).map(idOf);
  return via
    .filter((one) => typeof one !== 'string')
    .map(({ url, title, severity }) => ({
      id: url.split('/').at(-1) ?? url,
      packages: [...new Set(concerned)].sort(),
      severity,
      title,
      url,
    }));
}

function decisionOf({ id, packages }: Omit<Advisory, 'decision'>, { advisories }: Audited): string | null {
  const same = advisories.find((one) => one.id === id && one.packages.join() === packages.join());
  return same?.decision ?? null;
}

/** What is known, in two sentences at most. */
export function auditText({ packages, refused, advisories }: Audited): string {
  const all = Object.keys(packages).length;
  const dates = answersOf({ packages });
  const [first] = dates;
  const undecided = advisories.filter(({ decision }) => decision === null).length;
  const words = refused ? ` The last run, on ${refused.at.slice(0, 10)}, got no answer (${refused.answer}).` : '';
  return first === undefined
    ? `No registry has answered for any of the ${all} packages: nothing is known of their weaknesses.${words}`
    : `The registry has answered for ${dates.length} of ${all} packages, for the first of them on ${first.slice(0, 10)}: ${advisories.length} advisories, ${undecided} without a decision.${words}`;
}

/** When the registry answered, for each package for which it did, the oldest answer first. */
export function answersOf({ packages }: Pick<Audited, 'packages'>): readonly string[] {
  return Object.values(packages)
    .filter((at) => at !== null)
    .sort();
}
