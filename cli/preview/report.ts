import type { HighCardinality } from './cardinality.ts';
import type { Finding } from './finding.ts';
import type { Interruption } from './interruption.ts';
import type { Manager, When } from './moment.ts';
import type { Cost } from './monthly-cost.ts';
import type { Hidden, Value } from './value.ts';

/**
 * What a preview says, and what `--json` prints. Fields may be added to it; what is there keeps its meaning as long as
 * `version` is 1.
 */
export interface Report {
  readonly version: 1;
  /** Version of Terraform, or of OpenTofu; null where the plan does not tell. */
  readonly terraform: string | null;
  /** False of a plan with -target, or with changes that Terraform put off: more is to come. */
  readonly complete: boolean;
  /** False where planning failed half-way. */
  readonly succeeded: boolean;
  /** Whether the apply would lose logs: then the exit code is 2. */
  readonly losesLogs: boolean;
  /** By address; those of other stacks last. */
  readonly installations: readonly InstallationReport[];
}

export interface InstallationReport {
  /** Address of the module, empty for the root module; null where it is in another stack. */
  readonly module: string | null;
  /** The module's `name`; null where the plan does not tell. */
  readonly name: string | null;
  readonly account: string | null;
  readonly region: string | null;
  readonly change: 'none' | 'create' | 'update' | 'destroy';
  /** Who subscribes; null where there is no installation. */
  readonly managedBy: Readonly<Record<When, Told<Manager | null>>>;
  /** What would lose logs. */
  readonly losses: readonly Finding[];
  /** What loses nothing and should be known. */
  readonly notices: readonly Finding[];
  /** What the plan does not tell. */
  readonly unknowns: readonly Finding[];
  readonly groups: GroupCounts;
  /** The groups for which something changes, by name. */
  readonly changes: readonly GroupChange[];
  readonly prefixes: ListChange;
  /** Patterns of names that are left out. */
  readonly exclusions: ListChange;
  readonly streams: {
    readonly before: number;
    readonly after: number;
    /** Those before and those after together: both are in Loki's memory until nothing came for some of them for a while. */
    readonly meanwhile: number;
    readonly limit: number;
  };
  readonly highCardinality: readonly HighCardinality[];
  /** USD a month; null where there is no installation, or where the plan does not tell. */
  readonly cost: Readonly<Record<When, Cost | null>>;
  /** What all of this takes for granted, in sentences. */
  readonly assumptions: readonly string[];
}

export interface GroupCounts {
  readonly before: number;
  readonly after: number;
  /** Whether there may be more groups, which the plan does not name. */
  readonly atLeast: Readonly<Record<When, boolean>>;
  readonly gain: number;
  readonly lose: number;
  readonly change: number;
  /** For which nothing changes. */
  readonly keep: number;
}

/** A value, or why the plan does not tell it. */
export type Told<T> = T | { readonly hidden: Hidden };

export interface GroupChange {
  readonly logGroup: string;
  /** `gain` and `lose`: shipping; `change`: it stays shipped, in another way; `unknown`: the plan does not tell. */
  readonly change: 'gain' | 'lose' | 'change' | 'unknown';
  /** Whether the log group itself is deleted, or was when the plan was made. */
  readonly gone: boolean;
  readonly interruption: Interruption | null;
  /** Null: not shipped. */
  readonly before: GroupState | null;
  readonly after: GroupState | null;
}

export interface GroupState {
  readonly subscribedBy: Manager;
  /** `listed`, `prefix /aws/lambda/`, claimants; `terraform` in installations from before there was a registry. */
  readonly wantedBy: Told<readonly string[]>;
  readonly filterPattern: Told<string>;
  /** Those that the module and the stacks of this plan put on the group. */
  readonly tags: Readonly<Record<string, string>> | null;
  /** Why the plan tells no tags. */
  readonly tagsHidden: Hidden | null;
  /** In their order, as far as the plan knows them: tags that others wrote may add some. Null where it tells none. */
  readonly labels: Readonly<Record<string, Told<string>>> | null;
  /** Why the plan tells no labels. */
  readonly labelsHidden: Hidden | null;
}

/** What comes and goes of a list that the registrar follows, sorted. */
export interface ListChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly kept: number;
}

/** A value as a report has it. */
export function told<T>(value: Value<T>): Told<T> {
  return 'known' in value ? value.known : value;
}
