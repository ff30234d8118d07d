import type { LogGroupTags } from '../aws/log-group.ts';
import type { LogGroups } from '../aws/log-groups.ts';
import type { Objects } from '../aws/objects.ts';
import type { SubscriptionFilters } from '../aws/subscription-filters.ts';
import type { ReadTaggedGroups } from '../aws/tagged-groups.ts';
import type { Clock } from './pace.ts';

/** What the registrar works with: log groups of one account and region, and the installation's bucket. */
export interface Account {
  readonly account: string;
  readonly region: string;
  /** ARN of the shipper: where filters lead. */
  readonly shipper: string;
  readonly objects: Objects;
  readonly groups: LogGroups;
  readonly filters: SubscriptionFilters;
  readonly tags: LogGroupTags;
  readonly taggedGroups: ReadTaggedGroups;
  readonly clock: Clock;
}
