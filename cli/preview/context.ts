import type { Installation } from './installations.ts';
import type { LabelledGroup } from './labelled-groups.ts';
import type { LogGroupResources } from './log-group-resources.ts';
import type { Moment, When } from './moment.ts';
import type { Plan } from './plan.ts';
import type { Counts } from './streams.ts';

/** What is known of an installation when it is judged. */
export interface Context {
  readonly plan: Plan;
  readonly installation: Installation;
  readonly moments: Readonly<Record<When, Moment>>;
  /** By name. */
  readonly groups: readonly LabelledGroup[];
  readonly counts: Counts;
  /** The log groups that the configuration creates. */
  readonly resources: LogGroupResources;
  /** Streams that Loki takes. */
  readonly streamLimit: number;
}
