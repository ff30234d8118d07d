import { Pool } from '../delivery/pool.ts';
import { LokiShipperError } from '../errors.ts';
import type { Reconciliation } from './answers.ts';
import { Caller } from './caller.ts';
import { exclusively } from './exclusive.ts';
import { Journal } from './journal.ts';
import { LEASE_KEY } from './lease.ts';
import { listAll, REGISTRY, readSelection, remember } from './memory.ts';
import { NOTHING_DONE, PATIENCE_MS, type RunProps } from './reconcile.ts';
import { SELECTION_KEY } from './selection.ts';
import { planTasks } from './tasks.ts';
import { work } from './work.ts';

/** The registrar could not take everything back. */
export class WithdrawalUnfinished extends LokiShipperError {
  override readonly name = 'WithdrawalUnfinished';
}

/**
 * Takes back all that the registrar wrote: filters, tags, and what it keeps in the bucket, but for the selection, which
 * is Terraform's. To do it again goes on with it.
 *
 * @throws WithdrawalUnfinished with the number that is left, StorageFailed
 */
export async function withdraw(props: RunProps): Promise<Reconciliation> {
  const answer = await exclusively({ ...props, patienceMs: PATIENCE_MS }, () => takeBack(props));
  if (!answer)
    throw new WithdrawalUnfinished('Another run is under way: run terraform destroy again in a few minutes.');
  return answer;
}

async function takeBack({ account, requestId, deadline }: RunProps): Promise<Reconciliation> {
  const { objects, clock } = account;
  const selection = await readSelection(objects);
  const { state, intents } = await remember(objects);
  const managedBy = selection?.managedBy ?? 'terraform';
  const filterName = selection?.name ?? state.filterName ?? '';
  const { announce, save } = new Journal({ objects, state, requestId, intents });
  const caller = new Caller(clock, deadline);
  const { due } = planTasks(state, { managedBy, wanted: new Map(), oneByOne: false, now: clock.now() });
  const outcome = await work(due, state.groups, { account, caller, filterName, managedBy, announce, save });
  const left = due.filter(({ name }) => state.groups.has(name));
  if (left.length > 0) {
    await save();
    const reason = left.map(({ name }) => state.groups.get(name)?.problem?.message).find(Boolean);
    throw new WithdrawalUnfinished(
      `${left.length} log groups still have what the registrar wrote: ${reason ?? 'AWS allows only some changes a second.'} Run terraform destroy again: it goes on with them.`,
    );
  }
  await removeAll(objects);
  const { done, ...changes } = outcome;
  return { at: new Date(clock.now()).toISOString(), ...NOTHING_DONE, ...changes };
}

const PARALLEL = 8;

async function removeAll(objects: RunProps['account']['objects']): Promise<void> {
  const pool = new Pool(PARALLEL);
  for (const { key } of await listAll(objects, REGISTRY))
    if (key !== SELECTION_KEY && key !== LEASE_KEY) await pool.start(() => objects.remove(key));
  await pool.finish();
}
