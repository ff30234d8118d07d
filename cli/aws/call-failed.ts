import { nameOf } from '../../function/aws/aws-error.ts';
import { LokiShipperError } from '../../function/errors.ts';
import { HINTS } from '../hints.ts';

export interface CallFailedProps {
  /** For example `logs:FilterLogEvents`. */
  readonly call: string;
  /** What it was about, for example `log group /a`. */
  readonly target: string;
  /** What to do when that is not there. */
  readonly missing: string;
}

/** A call to AWS that the command line makes itself did not succeed. */
export class CallFailed extends LokiShipperError {
  override readonly name = 'CallFailed';
  /** Name of AWS's error. */
  readonly reason: string;

  constructor(props: CallFailedProps, error: unknown) {
    const reason = nameOf(error);
    const words = hintOf(reason, props) ?? wordsOf(reason, error);
    super(`${props.call} failed with ${reason} for ${props.target}${words ? `: ${words}` : ''}.`);
    this.reason = reason;
  }
}

function hintOf(reason: string, { call, missing }: CallFailedProps): string | undefined {
  if (reason === 'ResourceNotFoundException') return missing;
  // AccessDeniedException, or AccessDenied of the older APIs.
  if (reason.startsWith('AccessDenied')) return `you need ${call} for it`;
  return HINTS[reason];
}

/** Whoever reads it asked for it: what AWS says of wrong input is about that input. */
function wordsOf(reason: string, error: unknown): string | undefined {
  return reason.startsWith('Invalid') && error instanceof Error ? error.message.replace(/\.$/, '') : undefined;
}
