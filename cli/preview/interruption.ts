import type { Installation } from './installations.ts';
import type { LogGroupResource } from './log-group-resources.ts';
import type { Resource } from './plan.ts';
import type { Shipping } from './shipping.ts';
import { isSame, knownOf, read } from './value.ts';

/**
 * Why lines are not shipped for a while though the group is shipped before and after: its filter is replaced; a filter of
 * the same name is created first, so that the deletion hits the new one; Terraform deletes it and the registrar creates
 * it later; it goes with its group, which is replaced.
 */
export type Interruption = 'replaced' | 'deleted_last' | 'handed_over' | 'group_replaced';

interface Parts {
  readonly before: Shipping;
  readonly after: Shipping;
  /** Terraform's filter. */
  readonly filter: Resource | undefined;
  /** The log group, where the configuration creates it. */
  readonly logGroup: LogGroupResource | undefined;
  readonly installation: Installation;
}

/** What interrupts the shipping of a log group; null: nothing. */
export function interruptionOf(
  name: string,
  { before, after, filter, logGroup, installation }: Parts,
): Interruption | null {
  if (filter?.change === 'replace') return filter.createdFirst && keepsName(filter) ? 'deleted_last' : 'replaced';
  if (before.subscribedBy === 'terraform' && after.subscribedBy === 'registrar') return 'handed_over';
  if (logGroup?.resource.change === 'replace' && logGroup.before && logGroup.after) return 'group_replaced';
  if (!before.onlyAttached || !after.onlyAttached) return null;
  return isAttachedAnew(name, installation) ? 'replaced' : null;
}

function keepsName({ before, after }: Resource): boolean {
  return !!before && !!after && isSame(read(before, 'name'), read(after, 'name'));
}

/** Whether all that asks for a log group is destroyed before it is created again. */
function isAttachedAnew(name: string, { attachments }: Installation): boolean {
  const asking = attachments.filter(({ after }) => after && knownOf(after)?.claim.target.name === name);
  return asking.length > 0 && asking.every(({ resource }) => resource.change === 'replace' && !resource.createdFirst);
}
