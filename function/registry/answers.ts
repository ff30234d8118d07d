/** What keeps a log group from being shipped as it is wanted. It is reported, and never "fixed". */
export type Problem = 'filter_limit' | 'log_class' | 'missing' | 'foreign_filter' | 'failed';

/** What a run changed: names of log groups. */
export interface Changes {
  readonly subscribed: readonly string[];
  readonly unsubscribed: readonly string[];
  readonly tagged: readonly string[];
  readonly untagged: readonly string[];
}

/** The answer to `{"action":"reconcile"}`. */
export interface Reconciliation extends Changes {
  /** When it was, in ISO 8601: Terraform keeps it in its state, where it gets old. */
  readonly at: string;
  readonly ok: boolean;
  /** What is wrong, in one sentence, where `ok` is false. */
  readonly error: string | null;
  /** Why nothing was done, for example because another run is under way. */
  readonly skipped: string | null;
  /** Log groups that are selected and there. */
  readonly groups: number;
  readonly problems: readonly GroupProblem[];
  /** Changes that are left for the next run. */
  readonly remaining: number;
}

export interface GroupProblem {
  readonly logGroup: string;
  readonly problem: Problem;
  /** One sentence. */
  readonly message: string;
}

/** The answer to `{"action":"attach"}` and `{"action":"detach"}`. */
export interface Attachment extends Changes {
  /** The log group, or the prefix. */
  readonly target: string;
  readonly ok: boolean;
  readonly error: string | null;
  /** Who asks for it now, the first first: `listed`, `prefix /aws/lambda/`, claimants. */
  readonly wantedBy: readonly string[];
}

/** The answer to `{"action":"status"}`: the next log groups by name. */
export interface StatusPage {
  readonly groups: readonly GroupStatus[];
  /** The `after` with which it goes on; null when there is nothing left. */
  readonly next: string | null;
  /** The last run; null when there was none. */
  readonly run: { readonly at: string; readonly remaining: number; readonly error: string | null } | null;
  /** Name of the installation. */
  readonly name: string;
  /** The module's variable `labels`. */
  readonly labels: unknown;
  readonly account: string;
  readonly region: string;
}

export interface GroupStatus {
  readonly logGroup: string;
  /** Who asks for it, as in Attachment; empty when nobody does any more. */
  readonly wantedBy: readonly string[];
  /** `terraform`: by somebody else than the registrar. */
  readonly subscribedBy: 'terraform' | 'registrar' | null;
  readonly filterPattern: string | null;
  /** Those of the catalogue. */
  readonly tags: Readonly<Record<string, string>> | null;
  readonly problem: Problem | null;
  readonly message: string | null;
}
