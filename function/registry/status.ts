import { CATALOGUE_KEY, Catalogue, InvalidCatalogue } from '../labels/catalogue.ts';
import type { Account } from './account.ts';
import type { GroupStatus, StatusPage } from './answers.ts';
import type { Claim } from './claims.ts';
import { claimsOf, readSelection, remember } from './memory.ts';
import { NotInstalled } from './one-group.ts';
import type { Selection } from './selection.ts';
import { type State, UNKNOWN } from './state.ts';
import { isForbidden, type Wants, wants } from './wanted.ts';

/** An answer of Lambda has at most 6 MB. */
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_GROUPS = 1_000;

/**
 * What is known of log groups, by name. It reads only what the registrar keeps, and asks nothing of CloudWatch Logs.
 * @param after the `next` of the answer before; null at first
 * @throws NotInstalled, InvalidSelection, InvalidState, StorageFailed
 */
export async function status(
  after: string | null,
  { objects, account, region }: Pick<Account, 'objects' | 'account' | 'region'>,
): Promise<StatusPage> {
  const selection = await readSelection(objects);
  if (!selection) throw new NotInstalled();
  const { state } = await remember(objects);
  const catalogue = await readCatalogue(objects, { account, region });
  const claims = claimsOf(state);
  const wantedOf = wants(selection, claims);
  const names = namesOf(selection, state, claims).filter((name) => after === null || name > after);

  const groups: GroupStatus[] = [];
  let bytes = 0;
  for (const name of names) {
    const group = statusOf(name, state, wantedOf, catalogue);
    bytes += Buffer.byteLength(JSON.stringify(group));
    if (groups.length > 0 && (groups.length >= MOST_GROUPS || bytes > MOST_BYTES)) break;
    groups.push(group);
  }
  const next = groups.length < names.length ? (groups.at(-1)?.logGroup ?? null) : null;
  return { groups, next, run: state.run, name: selection.name, labels: selection.labels, account, region };
}

function namesOf(selection: Selection, { groups }: State, claims: readonly Claim[]): readonly string[] {
  const claimed = claims.filter(({ target }) => target.kind === 'group').map(({ target }) => target.name);
  const asked = [...selection.logGroups.keys(), ...claimed].filter((name) => !isForbidden(name, selection));
  return [...new Set([...groups.keys(), ...asked])].sort();
}

function statusOf(name: string, { groups }: State, wantedOf: Wants, catalogue: Catalogue | undefined): GroupStatus {
  const { by, filterPattern, problem } = groups.get(name) ?? UNKNOWN;
  return {
    logGroup: name,
    wantedBy: wantedOf(name)?.wantedBy ?? [],
    subscribedBy: by,
    filterPattern,
    tags: catalogue?.tagsOf(name) ?? null,
    problem: problem?.problem ?? null,
    message: problem?.message ?? null,
  };
}

/** @returns undefined when there is none, or none that the shipper could use */
async function readCatalogue(
  objects: Pick<Account['objects'], 'get'>,
  place: Pick<Account, 'account' | 'region'>,
): Promise<Catalogue | undefined> {
  const body = await objects.get(CATALOGUE_KEY);
  try {
    return body && Catalogue.read(body, place);
  } catch (error) {
    if (error instanceof InvalidCatalogue) return undefined;
    throw error;
  }
}
