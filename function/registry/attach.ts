import { STANDARD } from '../aws/log-groups.ts';
import type { Attachment, Changes } from './answers.ts';
import { attachPrefix, detachPrefix } from './attach-prefix.ts';
import { type AttachRequest, claimOf, type DetachRequest, NotAttached, NotToBeShipped } from './attach-request.ts';
import { Caller } from './caller.ts';
import { claimKey, encodeClaim, isSame, type Target } from './claims.ts';
import {
  type ActProps,
  act,
  announcedBy,
  NO_CHANGES,
  NotBrought,
  NotInstalled,
  type OneGroup,
  planFor,
  readOneGroup,
} from './one-group.ts';
import { hasWrongClass, isMissing } from './problems.ts';
import type { RunProps } from './reconcile.ts';
import type { Stocked } from './stock.ts';
import { isForbidden, wants } from './wanted.ts';

/**
 * Remembers who asks for a log group, and subscribes it at once. For a prefix it does so for all groups under it, as far
 * as time allows. To do it again changes nothing.
 *
 * @throws NotInstalled, NotToBeShipped, NotBrought and others, one sentence each
 */
export async function attach(request: AttachRequest, props: RunProps): Promise<Attachment> {
  if (request.target.kind === 'prefix') return attachPrefix(request, props);
  const { account, deadline, requestId } = props;
  const { name } = request.target;
  const acting: ActProps = { account, requestId, caller: new Caller(account.clock, deadline) };
  const known = await readOneGroup(name, account);
  const { selection, claims, entry, subscribed } = known;
  if (isForbidden(name, selection))
    throw new NotToBeShipped(`Log group ${name} is one of the module's own, or excluded by excluded_log_groups.`);
  if (!entry.by && subscribed >= selection.maxLogGroups)
    throw new NotToBeShipped(
      `${subscribed} log groups are subscribed, and max_log_groups is ${selection.maxLogGroups}: allow for more before ${name} is attached.`,
    );
  await expectShippable(name, acting);

  const claim = claimOf(request, claims, account.clock.now());
  const others = claims.filter((other) => !isSame(other, claim));
  const wanted = stockedOf(name, { ...known, claims: [...others, claim] });
  const plan = await planFor(name, wanted, known, acting);
  if (plan?.problem) throw new NotBrought(plan.problem.message);
  const answer = answered(request.target, wanted);
  if (request.dryRun) return answer(plan ? announcedBy(plan) : NO_CHANGES);
  await account.objects.put(claimKey(claim.target, claim.claimant), encodeClaim(claim), {
    contentType: 'application/json',
  });
  return answer(plan ? await act(plan, selection, acting) : NO_CHANGES);
}

/**
 * Forgets that somebody asks for a log group. Where nobody else does, it takes away the filter and the tags that the
 * registrar wrote.
 *
 * @throws NotAttached, NotBrought and others, one sentence each
 */
export async function detach(request: DetachRequest, props: RunProps): Promise<Attachment> {
  if (request.target.kind === 'prefix') return detachPrefix(request, props);
  const { account, deadline, requestId } = props;
  const { target, claimant, dryRun, mustBe } = request;
  const { name } = target;
  const acting: ActProps = { account, requestId, caller: new Caller(account.clock, deadline) };
  const known = await ifInstalled(readOneGroup(name, account));
  const remaining = known?.claims.filter((other) => !isSame(other, request)) ?? [];
  const wanted = known && stockedOf(name, { ...known, claims: remaining });
  const answer = answered(target, wanted);
  if (mustBe && remaining.length === (known?.claims.length ?? 0))
    throw new NotAttached(claimant, target, wanted?.wantedBy ?? []);

  if (!dryRun) await account.objects.remove(claimKey(target, claimant));
  const plan = known && (await planFor(name, wanted, known, acting));
  if (!known || !plan) return answer(NO_CHANGES);
  return answer(dryRun ? announcedBy(plan) : await act(plan, known.selection, acting));
}

/** @throws NotBrought */
async function expectShippable(name: string, { account, caller }: ActProps): Promise<void> {
  const group = await caller.call('logs:DescribeLogGroups', name, () => account.groups.find(name));
  if (!group) throw new NotBrought(isMissing(name, account.region).message);
  if (group.logClass !== STANDARD) throw new NotBrought(hasWrongClass(group).message);
}

function stockedOf(name: string, { selection, claims }: Pick<OneGroup, 'selection' | 'claims'>): Stocked | undefined {
  const wanted = wants(selection, claims)(name);
  return wanted && { ...wanted, mayAdd: !wanted.onlyByPrefix || selection.follow };
}

function answered({ name }: Target, wanted: Stocked | undefined) {
  return (changes: Changes): Attachment => ({
    target: name,
    ok: true,
    error: null,
    ...changes,
    wantedBy: wanted?.wantedBy ?? [],
  });
}

/** Without an installation there is nothing to take back. */
async function ifInstalled<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof NotInstalled) return undefined;
    throw error;
  }
}
