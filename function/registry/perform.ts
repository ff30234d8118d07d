import type { Context } from 'aws-lambda';
import { LokiShipperError } from '../errors.ts';
import type { Account } from './account.ts';
import type { ActionRequest } from './action.ts';
import type { Attachment, Changes, Reconciliation, StatusPage } from './answers.ts';
import { attach, detach } from './attach.ts';
import { isSame } from './claims.ts';
import { NO_CHANGES } from './one-group.ts';
import { type RunProps, reconcile } from './reconcile.ts';
import { status } from './status.ts';
import { withdraw } from './withdraw.ts';

/** What somebody waits for, above all Terraform, which may ask again when it takes longer. */
const WAITED_FOR_MS = 40_000;
/** A run of the schedule, which may come every five minutes. */
const RUN_MS = 240_000;
/** Of the invocation's time, kept for what is written at the end. */
const RESERVE_MS = 10_000;

/** @param isWaitedFor whether somebody waits for the answer */
export function windowOf(
  account: Account,
  context: Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>,
  isWaitedFor: boolean,
): RunProps {
  const now = account.clock.now();
  const end = now + context.getRemainingTimeInMillis();
  const deadline = Math.min(now + (isWaitedFor ? WAITED_FOR_MS : RUN_MS), end - RESERVE_MS);
  return { account, requestId: context.awsRequestId, deadline, end, asked: false };
}

/**
 * Does what it is asked to. What goes wrong with an attachment is in the answer to the command line and to an update of
 * Terraform; other failures of Terraform's are thrown, so that it tries them again.
 *
 * @throws LokiShipperError
 */
export async function perform(
  asked: ActionRequest,
  accountOf: () => Account,
  context: Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>,
): Promise<Reconciliation | Attachment | StatusPage> {
  const account = accountOf();
  switch (asked.action) {
    case 'status':
      return status(asked.after, account);
    case 'reconcile':
      return reconcile({ ...windowOf(account, context, asked.byTerraform), asked: asked.byTerraform });
    case 'withdraw':
      // Terraform waits, and may have to ask again. But what is left fails a destroy, so it gets the time of a run.
      return withdraw(windowOf(account, context, false));
    case 'detach': {
      const { request, byTerraform } = asked;
      return answered(request.target.name, !byTerraform, () => detach(request, windowOf(account, context, true)));
    }
    case 'attach': {
      const { request, previous, isUpdate, byTerraform } = asked;
      const props = windowOf(account, context, true);
      return answered(request.target.name, isUpdate || !byTerraform, async () => {
        const attached = await attach(request, props);
        const isOther = previous !== null && !isSame(previous, request);
        return isOther ? { ...attached, ...together(attached, await detach(previous, props)) } : attached;
      });
    }
  }
}

/** @param isReturned whether a failure becomes the answer */
async function answered(target: string, isReturned: boolean, work: () => Promise<Attachment>): Promise<Attachment> {
  try {
    return await work();
  } catch (error) {
    if (!isReturned || !(error instanceof LokiShipperError)) throw error;
    return { target, ok: false, error: error.message, ...NO_CHANGES, wantedBy: [] };
  }
}

function together(a: Changes, b: Changes): Changes {
  return {
    subscribed: [...a.subscribed, ...b.subscribed],
    unsubscribed: [...a.unsubscribed, ...b.unsubscribed],
    tagged: [...a.tagged, ...b.tagged],
    untagged: [...a.untagged, ...b.untagged],
  };
}
