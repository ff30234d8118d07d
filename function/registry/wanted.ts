import type { Tags } from '../labels/stream.ts';
import { matchesPattern } from '../replay-filter.ts';
import { byAge, type Claim } from './claims.ts';
import type { Selection } from './selection.ts';

/** What a log group is to have. */
export interface Wanted {
  readonly filterPattern: string;
  /** All tags that somebody asks for. */
  readonly tags: Tags;
  /** Whether its filter is a resource of Terraform. */
  readonly ofTerraform: boolean;
  /** Those of the tags that Terraform writes itself. */
  readonly tagsOfTerraform: Tags;
  /** Who asks for it, the first first: `listed`, `prefix /aws/lambda/`, claimants. */
  readonly wantedBy: readonly string[];
  /** Whether only a prefix of the module asks for it, so that `follow` decides. */
  readonly onlyByPrefix: boolean;
}

/** @returns undefined for a log group that nobody asks for, or that must not be shipped */
export type Wants = (logGroup: string) => Wanted | undefined;

/**
 * Who wants what. What the module says of a log group goes before what claims say of it, an older claim before a younger.
 *
 * Where Terraform subscribes, a group under a prefix of the module is one of its groups, too: Terraform would put back,
 * apply after apply, what a claim changes.
 */
export function wants(selection: Selection, claims: Iterable<Claim>): Wants {
  const { onGroups, onPrefixes } = sorted(claims);
  return (logGroup) => {
    if (isForbidden(logGroup, selection)) return undefined;
    const listed = selection.logGroups.get(logGroup);
    const prefixes = selection.prefixes.filter((prefix) => logGroup.startsWith(prefix));
    const claimed = [
      ...(onGroups.get(logGroup) ?? []),
      ...onPrefixes.filter(({ target }) => logGroup.startsWith(target.name)),
    ].sort(byAge);
    if (!listed && prefixes.length === 0 && claimed.length === 0) return undefined;

    const ofTerraform = selection.managedBy === 'terraform' && (listed !== undefined || prefixes.length > 0);
    const claimedTags: Tags = Object.fromEntries(claimed.toReversed().flatMap(({ tags }) => Object.entries(tags)));
    const moduleTags = { ...selection.logGroupTags, ...listed?.tags };
    const first = listed ?? (ofTerraform ? undefined : claimed[0]);
    return {
      filterPattern: first?.filterPattern ?? selection.filterPattern,
      tags: listed || ofTerraform ? { ...claimedTags, ...moduleTags } : { ...moduleTags, ...claimedTags },
      ofTerraform,
      tagsOfTerraform: ofTerraform ? moduleTags : {},
      wantedBy: [
        ...(listed ? ['listed'] : []),
        ...prefixes.map((prefix) => `prefix ${prefix}`),
        ...claimed.map(({ claimant }) => claimant),
      ],
      onlyByPrefix: !listed && claimed.length === 0,
    };
  };
}

/** Whether a log group is excluded or the installation's own, whoever asks for it. */
export function isForbidden(
  logGroup: string,
  { ownLogGroups, excluded }: Pick<Selection, 'ownLogGroups' | 'excluded'>,
): boolean {
  return ownLogGroups.includes(logGroup) || excluded.some((pattern) => matchesPattern(logGroup, pattern));
}

function sorted(claims: Iterable<Claim>) {
  const onGroups = new Map<string, Claim[]>();
  const onPrefixes: Claim[] = [];
  for (const claim of claims) {
    const { kind, name } = claim.target;
    if (kind === 'prefix') onPrefixes.push(claim);
    else if (onGroups.get(name)?.push(claim) === undefined) onGroups.set(name, [claim]);
  }
  return { onGroups, onPrefixes };
}
