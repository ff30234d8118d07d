import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { Objects } from '../../function/aws/objects.ts';

export interface VirtualLambdaProps {
  readonly functionName: string;
  /** Runs the function once. What it throws fails the invocation. */
  readonly invoke: (payload: unknown) => Promise<void>;
  /** Gets the records of deliveries that were given up. */
  readonly objects: Pick<Objects, 'put'>;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Which part of the events comes twice. */
  readonly twice: number;
}

/** An event that waits for its next attempt. */
interface Waiting {
  readonly payload: unknown;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Attempts so far, all of which failed. */
  readonly failed: number;
}

/**
 * Lambda waits this long before it tries an event again that the function failed at:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
const RETRY_AFTER_MS = [60_000, 120_000] as const;
/** A repeated event comes within this time. */
const REPEATED_WITHIN_MS = 90_000;
/** How many invocations run side by side. */
const CONCURRENCY = 16;

/**
 * A fake of Lambda's asynchronous invocation in virtual time: an event comes at least once, is tried twice more when the
 * function fails, and then becomes a record in the bucket. It has no throttling and no limit of an event's age.
 *
 * Each invocation has a clock of its own, which starts at the time of its event and goes on only while it waits with
 * `delay`: what it does meanwhile takes no time.
 */
export class VirtualLambda {
  readonly #props: VirtualLambdaProps;
  readonly #clock = new AsyncLocalStorage<{ now: number }>();
  #waiting: Waiting[] = [];
  /** Invocations, by what they failed with; an empty name for those that did not. */
  readonly invocations = new Map<string, number>();
  /** Events that the function took at the second or third attempt. */
  rescued = 0;
  /** Events that were given up. */
  givenUp = 0;

  constructor(props: VirtualLambdaProps) {
    this.#props = props;
  }

  /** The time in the invocation that asks; outside of all, that of this machine. In milliseconds since 1970. */
  readonly now = (): number => this.#clock.getStore()?.now ?? Date.now();

  /** Lets the clock of the invocation that asks go on. */
  readonly delay = async (ms: number): Promise<void> => {
    const clock = this.#clock.getStore();
    if (clock) clock.now += ms;
  };

  /** An event comes at a time, maybe twice. */
  send(payload: unknown, at: number): void {
    const { random, twice } = this.#props;
    this.#waiting.push({ payload, at, failed: 0 });
    if (random() < twice) this.#waiting.push({ payload, at: at + random() * REPEATED_WITHIN_MS, failed: 0 });
  }

  /** Until each event was taken or given up. */
  async run(): Promise<void> {
    while (this.#waiting.length > 0) {
      this.#waiting.sort((a, b) => a.at - b.at);
      // What fails now comes again a minute later at the earliest: until then nothing depends on its outcome.
      const until = (this.#waiting[0]?.at ?? 0) + RETRY_AFTER_MS[0];
      const due = this.#waiting.filter(({ at }) => at < until);
      this.#waiting = this.#waiting.slice(due.length);
      const rest = due.values();
      await Promise.all(
        Array.from({ length: CONCURRENCY }, async () => {
          for (const event of rest) await this.#attempt(event);
        }),
      );
    }
  }

  async #attempt({ payload, at, failed }: Waiting): Promise<void> {
    const clock = { now: at };
    const error = await this.#clock
      .run(clock, () => this.#props.invoke(payload))
      .then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
      );
    const name = error?.name ?? '';
    this.invocations.set(name, (this.invocations.get(name) ?? 0) + 1);
    if (!error) {
      if (failed > 0) this.rescued++;
      return;
    }
    const wait = RETRY_AFTER_MS[failed];
    if (wait !== undefined) this.#waiting.push({ payload, at: clock.now + wait, failed: failed + 1 });
    else await this.#giveUp(payload, error, clock.now);
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
  async #giveUp(
    requestPayload: unknown,
    { name: errorType, message: errorMessage }: Error,
    now: number,
  ): Promise<void> {
    this.givenUp++;
    const { functionName, objects } = this.#props;
    const timestamp = new Date(now).toISOString();
    const requestId = randomUUID();
    const second = timestamp.slice(0, 19).replaceAll(':', '.');
    const day = timestamp.slice(0, 10).replaceAll('-', '/');
    const record = {
      version: '1.0',
      timestamp,
      requestContext: {
        requestId,
        functionArn: `arn:aws:lambda:eu-central-1:123456789012:function:${functionName}:$LATEST`,
        condition: 'RetriesExhausted',
        approximateInvokeCount: RETRY_AFTER_MS.length + 1,
      },
      requestPayload,
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorType, errorMessage },
    };
    await objects.put(
      `aws/lambda/async/${functionName}/${day}/${second}-${requestId}`,
      Buffer.from(JSON.stringify(record)),
      { contentType: 'application/json' },
    );
  }
}
