import { setTimeout as delay } from 'node:timers/promises';
import { type Aws, deliveryOf } from './aws.ts';

/** How often each log group gets a line. */
const PACE_MS = 400;

/** What a log group has got, and what of it is to be found. */
export interface Written {
  /** Lines that its filter lets through. */
  readonly matching: string[];
  /** Times at which it had no filter of the shipper. */
  gaps: number;
}

/**
 * Writes numbered lines into log groups, and does with each what CloudWatch Logs and Lambda do: looks for the
 * subscription filter of the group, and invokes its function asynchronously, with retries and the bucket at the end.
 * MiniStack's own deliveries would not do here: it ends functions that are updated in the middle of their work, which
 * Lambda never does, and delivers what has failed no second time.
 */
export class Writer {
  readonly written: ReadonlyMap<string, Written>;
  readonly #aws: Aws;
  readonly #shipper: string;
  #lines = 0;
  #running: Promise<void> | undefined;
  #isStopped = false;

  /** @param shipper the function's name */
  constructor(aws: Aws, shipper: string, groups: readonly string[]) {
    this.#aws = aws;
    this.#shipper = shipper;
    this.written = new Map(groups.map((group) => [group, { matching: [], gaps: 0 }]));
  }

  /** How many lines there are in all that are to be found. */
  get matching(): number {
    return [...this.written.values()].reduce((sum, { matching }) => sum + matching.length, 0);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** @throws what went wrong meanwhile */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      const line = this.#lines++;
      const groups = [...this.written];
      await Promise.all([delay(PACE_MS), ...groups.map(([group, written]) => this.#write(group, written, line))]);
    }
  }

  async #write(group: string, written: Written, line: number): Promise<void> {
    const message = `${line % 2 ? 'ERROR' : 'INFO'} line ${line} of ${group}`;
    const pattern = (await this.#aws.filtersOf(group))['loki-shipper'];
    if (pattern === undefined) written.gaps++;
    else if (message.includes(pattern)) {
      written.matching.push(message);
      const id = `3871542897${String(line).padStart(46, '0')}`;
      const delivery = deliveryOf(group, [{ id, timestamp: Date.now(), message }]);
      await this.#aws.invokeAsynchronously(this.#shipper, delivery);
    }
  }
}
