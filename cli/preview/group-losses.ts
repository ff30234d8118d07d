import type { Context } from './context.ts';
import { type Finding, findingOf, groupsAre, groupsText } from './finding.ts';
import type { Group } from './groups.ts';
import type { Interruption } from './interruption.ts';
import { resourceOfLogGroup } from './log-group-resources.ts';
import { placeOf } from './place.ts';
import { isSame, known, knownOf, readNumber, readText } from './value.ts';

/** What loses lines of single log groups. */
export function groupLosses(context: Context): readonly Finding[] {
  const { groups } = context;
  const lost = groups.filter(isLost);
  const isAttached = ({ before }: Group) => knownOf(before)?.onlyAttached === true;
  return [
    ...findingOf(
      'unsubscribed',
      names(lost.filter((group) => !isAttached(group))),
      (count) => `${groupsAre(count)} no longer shipped: lines that are logged from then on do not reach Loki.`,
    ),
    ...findingOf(
      'detached',
      names(lost.filter(isAttached)),
      (count) =>
        `${groupsAre(count)} no longer attached by this stack: shipping goes on only where a prefix or another stack asks for it.`,
    ),
    ...narrowed(groups),
    ...Object.entries(INTERRUPTED).flatMap(([interruption, why]) =>
      findingOf(
        'interrupted',
        names(groups.filter((group) => group.interruption === interruption)),
        (count) => `Shipping of ${groupsText(count)} is interrupted: ${why}`,
      ),
    ),
    ...keptShorter(context),
    ...unshippableClass(context),
  ];
}

const INTERRUPTED: Readonly<Record<Interruption, string>> = {
  replaced: 'the subscription filter is deleted and created again, and what is logged in between is not shipped.',
  deleted_last:
    'the new subscription filter is created before the old one of the same name is deleted, which deletes the new one, and nothing is shipped until the next apply.',
  handed_over:
    'Terraform deletes the subscription filter, and what is logged until the registrar has created it again is not shipped.',
  group_replaced:
    'the group is replaced, its subscription filter goes with it, and what is logged until the next apply or run of the registrar is not shipped.',
};

function names(groups: readonly Group[]): readonly string[] {
  return groups.map(({ logGroup }) => logGroup);
}

/** Whether a group that is still there is no longer shipped. */
export function isLost({ before, after, gone }: Group): boolean {
  return !gone && !!knownOf(before) && isSame(after, known(null));
}

function narrowed(groups: readonly Group[]): readonly Finding[] {
  const changed = groups.flatMap(({ logGroup, ...group }) => {
    const [before, after] = [knownOf(group.before), knownOf(group.after)];
    if (!before || !after) return [];
    const [was, is] = [knownOf(before.filterPattern), knownOf(after.filterPattern)];
    // The empty pattern matches all.
    return was === undefined || is === undefined || was === is || is === '' ? [] : [{ logGroup, was }];
  });
  const of = (some: typeof changed) => some.map(({ logGroup }) => logGroup);
  return [
    ...findingOf(
      'narrowed',
      of(changed.filter(({ was }) => was === '')),
      (count) => `${groupsText(count)} had no filter pattern: what the new one does not match is no longer shipped.`,
    ),
    ...findingOf(
      'narrowed',
      of(changed.filter(({ was }) => was !== '')),
      (count) =>
        `The filter pattern of ${groupsText(count)} becomes another one: what only the old one matches is no longer shipped.`,
    ),
  ];
}

function keptShorter(context: Context): readonly Finding[] {
  const shorter = ownResources(context).filter(({ before, after, resource }) => {
    if (resource.change !== 'update' || !before || !after) return false;
    const [was, is] = [before, after].map((side) => knownOf(readNumber(side, 'retention_in_days')));
    // 0 keeps lines for ever.
    return typeof was === 'number' && typeof is === 'number' && is > 0 && (was === 0 || is < was);
  });
  return findingOf(
    'log_retention',
    shorter.map(({ logGroup }) => logGroup),
    (count) =>
      `CloudWatch Logs keeps the lines of ${groupsText(count)} for a shorter time, and deletes what is older at once, also what it has from before it was shipped.`,
  );
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html */
function unshippableClass(context: Context): readonly Finding[] {
  const wrong = ownResources(context).filter(({ before, after }) => {
    const logClass = before && after && knownOf(readText(after, 'log_group_class'));
    return !!logClass && logClass !== 'STANDARD';
  });
  return findingOf(
    'log_class',
    wrong.map(({ logGroup }) => logGroup),
    (count) =>
      `${groupsText(count)} of another class than STANDARD can have no subscription filter, and so cannot be shipped.`,
  );
}

/** The groups that are shipped after the apply and that the configuration itself creates. */
function ownResources({ groups, installation, resources }: Context) {
  const place = placeOf(installation);
  return groups.flatMap(({ logGroup, after }) => {
    const resource = knownOf(after) && resourceOfLogGroup(logGroup, place, resources);
    return resource ? [{ logGroup, ...resource }] : [];
  });
}
