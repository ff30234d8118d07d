import { LokiShipperError } from '../errors.ts';
import { isObject, isTextRecord, parseJson } from '../json.ts';
import type { Tags } from '../labels/stream.ts';

/** A log group, or all whose names begin with a prefix. */
export interface Target {
  readonly kind: 'group' | 'prefix';
  readonly name: string;
}

/** Somebody else than the module asks for a log group or a prefix: the stack of an application, the command line. */
export interface Claim {
  readonly target: Target;
  /** Who asks. */
  readonly claimant: string;
  readonly tags: Tags;
  /** Null: the module's. */
  readonly filterPattern: string | null;
  /** When it was first asked for, in ISO 8601. */
  readonly at: string;
}

/** Before the keys of all claims. */
export const CLAIMS = 'registry/attachments/';

export class InvalidClaim extends LokiShipperError {
  override readonly name = 'InvalidClaim';
  constructor(key: string) {
    super(`${key} is not a claim as the registrar writes it: remove it, and attach its log group again.`);
  }
}

/**
 * Before the keys of the claims on one target. The names of log groups are at most 512 characters long and have no `!`,
 * which is as good in a key as a letter: three characters for each of their `/` could be too long for a key.
 */
export function claimsOn({ kind, name }: Target): string {
  return `${CLAIMS}${kind}-${encodeName(name)}/`;
}

/** Before the keys of all claims on prefixes. */
export const CLAIMS_ON_PREFIXES = `${CLAIMS}prefix-`;

/** The name of a log group as a part of a key, in which `/` would separate two. */
export function encodeName(logGroup: string): string {
  return logGroup.replaceAll('/', '!');
}

export function claimKey(target: Target, claimant: string): string {
  return `${claimsOn(target)}${encodeURIComponent(claimant)}.json`;
}

export function encodeClaim({ target, claimant, tags, filterPattern, at }: Claim): Buffer {
  return Buffer.from(JSON.stringify({ version: VERSION, ...target, claimant, tags, filterPattern, at }));
}

const VERSION = 1;

/** @throws InvalidClaim */
export function parseClaim(key: string, body: Buffer): Claim {
  const value = parseJson(body.toString());
  if (!isObject(value) || value.version !== VERSION) throw new InvalidClaim(key);
  const { kind, name, claimant, tags, filterPattern, at } = value;
  if (
    (kind !== 'group' && kind !== 'prefix') ||
    typeof name !== 'string' ||
    typeof claimant !== 'string' ||
    !isTextRecord(tags) ||
    (filterPattern !== null && typeof filterPattern !== 'string') ||
    typeof at !== 'string'
  )
    throw new InvalidClaim(key);
  return { target: { kind, name }, claimant, tags, filterPattern, at };
}

/** The oldest first; of two at the same time always the same one. */
export function byAge(a: Claim, b: Claim): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return a.claimant < b.claimant ? -1 : 1;
}

/** Whether it is of the same claimant on the same target. */
export function isSame(a: Pick<Claim, 'target' | 'claimant'>, b: Pick<Claim, 'target' | 'claimant'>): boolean {
  return claimKey(a.target, a.claimant) === claimKey(b.target, b.claimant);
}
