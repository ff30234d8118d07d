import { FunctionFailed, type Invoke } from '../../function/aws/invoke.ts';
import type { Attachment } from '../../function/registry/answers.ts';
import { UnknownAnswer } from '../../function/registry/replay.ts';
import { isAttachment } from '../answers.ts';
import type { Surroundings } from '../surroundings.ts';

/** What the registrar is asked for, but for the target. */
export type Ask =
  | {
      readonly action: 'attach';
      readonly tags: Readonly<Record<string, string>>;
      /** Null: the module's. */
      readonly filterPattern: string | null;
    }
  | { readonly action: 'detach' };

/** A log group, or all whose names begin with a prefix. */
export interface Target {
  readonly kind: 'group' | 'prefix';
  readonly name: string;
}

/** What became of a target. */
export type Result = Attachment & Pick<Target, 'kind'>;

export interface RunProps extends Pick<Surroundings, 'signal'> {
  readonly invoke: Invoke;
  readonly registrar: string;
  readonly dryRun: boolean;
}

/** Who asks, in the registrar's books. */
const CLAIMANT = 'cli';

/**
 * Asks for one target after the other, because the registrar does one thing at a time. What it refuses is in the result.
 * @throws InvocationFailed when it cannot be called, UnknownAnswer
 */
export async function* run(ask: Ask, targets: readonly Target[], props: RunProps): AsyncGenerator<Result> {
  const { invoke, registrar, dryRun, signal } = props;
  for (const { kind, name } of targets) {
    if (signal.aborted) return;
    const target = kind === 'prefix' ? { prefix: name } : { logGroup: name };
    const event = { ...ask, ...target, claimant: CLAIMANT, ...(dryRun && { dryRun }) };
    const answer = await invoke(registrar, event, signal).catch((error: unknown) => refused(name, error));
    if (!isAttachment(answer)) throw new UnknownAnswer(registrar);
    yield { ...answer, kind };
  }
}

function refused(target: string, error: unknown): Attachment {
  if (!(error instanceof FunctionFailed)) throw error;
  const nothing = { subscribed: [], unsubscribed: [], tagged: [], untagged: [] };
  return { target, ok: false, error: error.message, ...nothing, wantedBy: [] };
}
