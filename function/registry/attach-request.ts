import { LokiShipperError } from '../errors.ts';
import { type Claim, isSame, type Target } from './claims.ts';

/** Somebody asks for a log group, or for all under a prefix. */
export interface AttachRequest extends Omit<Claim, 'at'> {
  /** Whether it only says what would be done. */
  readonly dryRun: boolean;
}

/** Somebody no longer asks for it. */
export interface DetachRequest extends Pick<AttachRequest, 'target' | 'claimant' | 'dryRun'> {
  /** Whether it is an error if he does not. */
  readonly mustBe: boolean;
}

/** A log group or prefix that must not be asked for, by rules of the module. */
export class NotToBeShipped extends LokiShipperError {
  override readonly name = 'NotToBeShipped';
}

/** Nobody can take back what he did not ask for. */
export class NotAttached extends LokiShipperError {
  override readonly name = 'NotAttached';
  constructor(claimant: string, { name }: Target, wantedBy: readonly string[]) {
    const others = wantedBy.length > 0 ? `who does: ${wantedBy.join(', ')}` : 'nobody does';
    super(`${claimant} does not ask for ${name}; ${others}.`);
  }
}

/** A claim that is changed stays as old as it was. */
export function claimOf({ dryRun, ...asked }: AttachRequest, claims: readonly Claim[], now: number): Claim {
  const { at = new Date(now).toISOString() } = claims.find((claim) => isSame(claim, asked)) ?? {};
  return { ...asked, at };
}
