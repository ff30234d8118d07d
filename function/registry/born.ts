import { STANDARD } from '../aws/log-groups.ts';
import { isObject } from '../json.ts';
import type { Attachment } from './answers.ts';
import { Caller } from './caller.ts';
import { type ActProps, act, NO_CHANGES, NotBrought, planFor, readOneGroup } from './one-group.ts';
import type { RunProps } from './reconcile.ts';
import { wants } from './wanted.ts';

/**
 * The name of a log group that CloudTrail says was created; undefined for other events, and for attempts that failed.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export function createdGroup(event: unknown): string | undefined {
  if (!isObject(event) || event.source !== 'aws.logs' || !isObject(event.detail)) return undefined;
  const { eventName, errorCode, requestParameters } = event.detail;
  if (eventName !== 'CreateLogGroup' || errorCode !== undefined || !isObject(requestParameters)) return undefined;
  const { logGroupName } = requestParameters;
  return typeof logGroupName === 'string' ? logGroupName : undefined;
}

/**
 * Subscribes a log group that was just created, if it is wanted and can be. What is not done here is done by the next run.
 * @throws NotInstalled, NotBrought and others, so that Lambda tries again
 */
export async function subscribeNew(name: string, { account, deadline, requestId }: RunProps): Promise<Attachment> {
  const acting: ActProps = { account, requestId, caller: new Caller(account.clock, deadline) };
  const known = await readOneGroup(name, account);
  const { selection, claims, subscribed } = known;
  const wanted = wants(selection, claims)(name);
  const answer: Attachment = {
    target: name,
    ok: true,
    error: null,
    ...NO_CHANGES,
    wantedBy: wanted?.wantedBy ?? [],
  };
  if (!wanted || (wanted.onlyByPrefix && !selection.follow) || subscribed >= selection.maxLogGroups) return answer;
  const group = await acting.caller.call('logs:DescribeLogGroups', name, () => account.groups.find(name));
  if (group?.logClass !== STANDARD) return answer;
  const plan = await planFor(name, { ...wanted, mayAdd: true }, known, acting);
  if (plan?.problem) throw new NotBrought(plan.problem.message);
  return plan ? { ...answer, ...(await act(plan, selection, acting)) } : answer;
}
