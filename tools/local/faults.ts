import type { PendingCall, Principal } from './call.ts';

/** Calls that a test wants to fail: those that have all of what is named here. */
export type Fault = Partial<Pick<PendingCall, 'service' | 'action' | 'accessKey'>> & {
  readonly principal?: Principal;
} & Failure;

/** What becomes of a call. */
export type Failure =
  /** An error's status, and its name, for example `ThrottlingException`. */
  | { readonly status: number; readonly code: string }
  /** The connection is cut: before the call was done, or after it, so that only its answer is lost. */
  | { readonly cut: 'before' | 'after' };

interface Planned {
  readonly fault: Fault;
  /** Numbers of the calls that fail, of those that the fault is meant for, from 1. */
  readonly first: number;
  readonly last: number;
  seen: number;
}

/** The faults that tests ask for. */
export class Faults {
  readonly #planned = new Set<Planned>();

  /**
   * @param first number of the first call that fails, counted from now, of those that the fault is meant for
   * @param last of the last one
   * @returns ends the fault
   */
  plan(fault: Fault, first: number, last: number): () => void {
    const planned = { fault, first, last, seen: 0 };
    this.#planned.add(planned);
    return () => this.#planned.delete(planned);
  }

  /** Counts the call. @returns undefined when it is to be left alone */
  meet(call: PendingCall): Failure | undefined {
    let failure: Failure | undefined;
    for (const planned of this.#planned) {
      if (!isMeant(call, planned.fault)) continue;
      planned.seen++;
      if (planned.seen >= planned.first && planned.seen <= planned.last) failure ??= planned.fault;
    }
    return failure;
  }
}

function isMeant(call: PendingCall, { service, action, accessKey, principal }: Fault): boolean {
  return (
    (service ?? call.service) === call.service &&
    (action ?? call.action) === call.action &&
    (accessKey ?? call.accessKey) === call.accessKey &&
    (principal ?? call.principal) === call.principal
  );
}
