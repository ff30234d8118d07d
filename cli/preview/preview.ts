import type { Selection } from '../../function/registry/selection.ts';
import { highCardinality } from './cardinality.ts';
import type { Context } from './context.ts';
import { costAssumptions, costOf, type Volume } from './cost.ts';
import { groupChanges, groupCounts } from './group-changes.ts';
import { groupLosses } from './group-losses.ts';
import { groupsOf } from './groups.ts';
import { installationLosses } from './installation-losses.ts';
import { type Installation, installationsOf, oneOf } from './installations.ts';
import { labelledGroups } from './labelled-groups.ts';
import { type LogGroupResources, logGroupResourcesOf } from './log-group-resources.ts';
import { type Moment, managedBy, momentOf, type When } from './moment.ts';
import { noticesOf } from './notices.ts';
import { placeOf } from './place.ts';
import type { Plan } from './plan.ts';
import { type InstallationReport, type ListChange, type Report, told } from './report.ts';

import { selectionLosses } from './selection-losses.ts';
import { countsOf, DEFAULT_STREAM_LIMIT } from './streams.ts';
import { unknownsOf } from './unknowns.ts';
import { isHidden } from './value.ts';

export interface PreviewOptions extends Volume {
  /** Streams that Loki takes (`max_global_streams_per_user`). Default: Loki's own, 5,000 */
  readonly maxStreams?: number;
}

/** What applying a plan does to the shipping of logs. */
export function preview(plan: Plan, options: PreviewOptions = {}): Report {
  const resources = logGroupResourcesOf(plan);
  const installations = installationsOf(plan).map((one) => installationReport(one, { plan, resources, options }));
  return {
    version: 1,
    terraform: plan.terraform,
    complete: plan.complete,
    succeeded: plan.succeeded,
    losesLogs: installations.some(({ losses }) => losses.length > 0),
    installations,
  };
}

interface Given {
  readonly plan: Plan;
  readonly resources: LogGroupResources;
  readonly options: PreviewOptions;
}

function installationReport(installation: Installation, { plan, resources, options }: Given): InstallationReport {
  const moments = { before: momentOf('before', installation), after: momentOf('after', installation) };
  const groups = labelledGroups(groupsOf(installation, moments, resources), installation);
  const counts = countsOf(groups, moments, installation);
  const streamLimit = options.maxStreams ?? DEFAULT_STREAM_LIMIT;
  const context: Context = { plan, installation, moments, groups, counts, resources, streamLimit };
  const changes = groupChanges(groups);
  const lists = (list: 'prefixes' | 'excluded') => listChange(moments, list);
  return {
    module: installation.module,
    name: nameOf(installation),
    ...placeOf(installation),
    change: changeOf(installation),
    managedBy: {
      before: told(managedBy(moments.before, installation)),
      after: told(managedBy(moments.after, installation)),
    },
    losses: [...groupLosses(context), ...selectionLosses(context), ...installationLosses(context)],
    notices: noticesOf(context),
    unknowns: unknownsOf(context),
    groups: groupCounts(changes, groups.length, counts),
    changes,
    prefixes: lists('prefixes'),
    exclusions: lists('excluded'),
    streams: { ...counts.streams, limit: streamLimit },
    highCardinality: highCardinality(groups),
    cost: costs(context, options),
    assumptions: [...assumptionsOf(context), ...costAssumptions(options)],
  };
}

/** All that belongs to an installation is named after it. */
function nameOf({ registrar }: Installation): string | null {
  return registrar?.endsWith('-registrar') ? registrar.slice(0, -'-registrar'.length) : null;
}

function changeOf(installation: Installation): InstallationReport['change'] {
  const shipper = oneOf(installation, 'aws_lambda_function', 'shipper');
  if (shipper?.change === 'create') return 'create';
  if (shipper?.change === 'delete') return 'destroy';
  const { resources, attachments } = installation;
  const all = [...[...resources.values()].flat(), ...attachments.map(({ resource }) => resource)];
  return all.every(({ change }) => change === 'none') ? 'none' : 'update';
}

/** Nothing where the plan does not tell the whole of it. */
function listChange(
  { before, after }: Readonly<Record<When, Moment>>,
  list: keyof Pick<Selection, 'prefixes' | 'excluded'>,
): ListChange {
  if (isHidden(before.selection) || isHidden(after.selection)) return { added: [], removed: [], kept: 0 };
  const [was, is] = [before.selection.known?.[list] ?? [], after.selection.known?.[list] ?? []];
  return {
    added: is.filter((one) => !was.includes(one)).sort(),
    removed: was.filter((one) => !is.includes(one)).sort(),
    kept: is.filter((one) => was.includes(one)).length,
  };
}

/** A volume that is given is that after the apply, or before it where nothing is shipped any more. */
function costs({ counts: { groups }, installation }: Context, options: PreviewOptions): InstallationReport['cost'] {
  const { gb, ...rest } = options;
  const all = groups.after || groups.before;
  const cost = (when: When) =>
    costOf(when, groups[when], installation, {
      ...rest,
      ...(gb !== undefined && all > 0 && { gb: (gb * groups[when]) / all }),
    });
  return { before: cost('before'), after: cost('after') };
}

function assumptionsOf({ counts: { atLeast }, installation, streamLimit }: Context): readonly string[] {
  const limit = streamLimit.toLocaleString('en-US');
  return [
    `A log group is one stream for each combination of label values, and its log streams are structured metadata; ${limit} is what Loki takes (max_global_streams_per_user, --max-streams), for all that sends to it as the same tenant.`,
    'Labels are those of the tags that this plan knows: tags that others put on a log group may add some.',
    installation.module === null
      ? 'Of the log groups of that installation, only those of this plan are counted.'
      : 'Log groups that other stacks, or people on the command line, attach are not counted.',
    ...(atLeast.before || atLeast.after
      ? ['Of the log groups that the registrar finds, those are counted that it shipped at the last apply.']
      : []),
  ];
}
