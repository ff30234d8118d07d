import { nameOf } from '../aws/aws-error.ts';
import { backoff } from '../delivery/backoff.ts';
import { LokiShipperError } from '../errors.ts';
import { type Clock, Pace } from './pace.ts';

/**
 * Calls a second, at the start and at the most: less than AWS allows the account
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html), since others call too. Terraform
 * is one of them.
 */
const RATES = {
  'logs:ListLogGroups': { start: 5, most: 5 },
  'logs:DescribeLogGroups': { start: 5, most: 5 }, // Of 10.
  'tag:GetResources': { start: 5, most: 10 }, // Of 15.
  'logs:ListTagsForResource': { start: 10, most: 20 }, // Of 30.
  'logs:DescribeSubscriptionFilters': { start: 2, most: 4 }, // Of 5, like all that follow.
  'logs:PutSubscriptionFilter': { start: 2, most: 4 },
  'logs:DeleteSubscriptionFilter': { start: 2, most: 4 },
  'logs:TagResource': { start: 2, most: 4 },
  'logs:UntagResource': { start: 2, most: 4 },
} as const;

export type Action = keyof typeof RATES;

/** A call to AWS failed, and would fail again. */
export class CallFailed extends LokiShipperError {
  override readonly name = 'CallFailed';
  readonly action: Action;
  /** Name of AWS's error. */
  readonly reason: string;
  /** @param subject of the call, for example a log group; empty for none */
  constructor(action: Action, subject: string, reason: string) {
    super(`${action} failed with ${reason}${subject && ` for ${subject}`}.`);
    this.action = action;
    this.reason = reason;
  }
}

/** A call of which so many are refused in a row is given up, because there is another way. Others are tried to the end. */
const PATIENCE: Readonly<Partial<Record<Action, number>>> = { 'tag:GetResources': 5 };

/** There is no time left for a call. What it was for is left to the next run. */
export class OutOfTime extends LokiShipperError {
  override readonly name = 'OutOfTime';
  constructor(action: Action) {
    super(`There was no time left for ${action}: the next run goes on with it.`);
  }
}

/** Of a call that gets no answer, or an error that AWS itself is to blame for. */
const ATTEMPTS = 4;
/** Of a call that needs a permission which was just given: about 15 seconds. */
const ATTEMPTS_AT_NEW = 10;

/** Makes calls at a pace that leaves AWS time for others, again where that helps, and none after the deadline. */
export class Caller {
  readonly #clock: Clock;
  readonly #paces = new Map<Action, Pace>();
  /** Milliseconds since 1970. */
  readonly deadline: number;

  constructor(clock: Clock, deadline: number) {
    this.#clock = clock;
    this.deadline = deadline;
  }

  get hasTime(): boolean {
    return this.#clock.now() < this.deadline;
  }

  /** @throws CallFailed, OutOfTime */
  async call<T>(action: Action, subject: string, make: () => Promise<T>): Promise<T> {
    const pace = this.#paceOf(action);
    for (let failed = 0, refused = 0; ; ) {
      if (!(await pace.turn(this.deadline))) throw new OutOfTime(action);
      try {
        const answer = await make();
        pace.taken();
        return answer;
      } catch (error) {
        const reason = nameOf(error);
        if (THROTTLED.includes(reason) && ++refused < (PATIENCE[action] ?? Number.POSITIVE_INFINITY)) pace.refused();
        else if (++failed < attemptsAt(error, reason)) await this.#wait(failed, error);
        else throw new CallFailed(action, subject, reason);
      }
    }
  }

  #paceOf(action: Action): Pace {
    let pace = this.#paces.get(action);
    if (!pace) {
      pace = new Pace({ ...RATES[action], clock: this.#clock });
      this.#paces.set(action, pace);
    }
    return pace;
  }

  #wait(failed: number, error: unknown): Promise<void> {
    const { delay, random, now } = this.#clock;
    return delay(isTooNew(error) ? 1000 + random() * 1000 : backoff(failed, random(), undefined, now()));
  }
}

const THROTTLED: readonly string[] = ['ThrottlingException', 'ThrottledException', 'TooManyRequestsException'];

const PASSING: readonly string[] = [
  'InternalFailure',
  'InternalServiceException',
  'OperationAbortedException', // Somebody else changes the same log group.
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'TimeoutError',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
];

function attemptsAt(error: unknown, reason: string): number {
  if (isTooNew(error)) return ATTEMPTS_AT_NEW;
  return PASSING.includes(reason) ? ATTEMPTS : 1;
}

/** AWS tries the function when it gets a filter, and for a while some of its hosts do not know the permission to. */
function isTooNew(error: unknown): boolean {
  return error instanceof Error && /^Could not (execute the lambda function|deliver test message)/i.test(error.message);
}
