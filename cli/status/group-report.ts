import { type Label, type LeftOut, labelsOf } from '../../function/labels/labels-of.ts';
import { type LabelPolicy, parseLabelPolicy } from '../../function/labels/policy.ts';
import type { GroupStatus } from '../../function/registry/answers.ts';
import type { LastHour } from '../aws/log-metrics.ts';
import type { Status } from './read.ts';

/** What `status --json` says of a log group, besides what the registrar says. */
export interface GroupReport extends GroupStatus {
  /** The labels of its stream, and why it has each; null when its tags are not known, or the policy is wrong. */
  readonly labels: readonly Label[] | null;
  /** Tags that were to become labels and did not, and why. */
  readonly leftOut: readonly LeftOut[];
  /** What CloudWatch counted; null when that was not read. */
  readonly lastHour: HourReport | null;
}

export type HourReport = Omit<LastHour, 'lastForwardedAt'> & {
  /** The last minute in which lines were forwarded, in ISO 8601; null for none in this hour. */
  readonly lastForwardedAt: string | null;
};

/** The policy by which the installation labels; a text says what is wrong with it. */
export function policyOf({ labels }: Status): LabelPolicy | string {
  const problems: string[] = [];
  const policy = parseLabelPolicy(labels, problems);
  return problems.length > 0
    ? `The labels of the module are not as this version knows them: ${problems.join(' ')}`
    : policy;
}

export function groupReport(
  group: GroupStatus,
  { account, region }: Status,
  policy: LabelPolicy | undefined,
  figures: LastHour | undefined,
): GroupReport {
  const { logGroup, tags } = group;
  const known = policy && tags ? labelsOf({ logGroup, owner: account, region }, tags, policy) : undefined;
  return {
    ...group,
    labels: known?.labels ?? null,
    leftOut: known?.leftOut ?? [],
    lastHour: figures ? { ...figures, lastForwardedAt: isoOf(figures.lastForwardedAt) } : null,
  };
}

/** Whether somebody has to look at it. */
export function hasProblem({ problem, lastHour }: GroupReport): boolean {
  return problem !== null || (lastHour !== null && lastHour.deliveryErrors > 0);
}

/** Those with problems first, then by name. */
export function byUrgency(a: GroupReport, b: GroupReport): number {
  if (hasProblem(a) !== hasProblem(b)) return hasProblem(a) ? -1 : 1;
  return a.logGroup < b.logGroup ? -1 : 1;
}

function isoOf(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
