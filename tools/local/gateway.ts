import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Place } from './account.ts';
import { Alarms } from './alarms.ts';
import { type Call, identify, type PendingCall } from './call.ts';
import { type Fault, Faults } from './faults.ts';
import { forward } from './forward.ts';
import { asksForLogGroups } from './get-resources.ts';
import { LogGroups } from './log-groups.ts';
import { filterLogEvents } from './log-pages.ts';
import { ANSWERED_BY_BOTH, askMoto, forwardToMoto, isAnsweredByMoto, monitored } from './moto.ts';
import { findDestination, invokeAsynchronously, type Outcome } from './on-failure.ts';
import { ByPlace, Places } from './places.ts';
import { AWS_QUOTAS, type Quota, Quotas } from './quotas.ts';
import { RefusedByFake } from './refused-by-fake.ts';
import { errorReply, jsonReply, type Reply, read } from './reply.ts';
import { tellOfCreation } from './trail.ts';

export type { Call } from './call.ts';
export type { Fault } from './faults.ts';

export interface GatewayProps {
  /**
   * moto's port.
   * @default - there is no moto
   */
  readonly moto?: number | undefined;
  /**
   * Milliseconds by which quotas are kept.
   * @default - those that pass
   */
  readonly now?: (() => number) | undefined;
}

/**
 * Stands in front of MiniStack. What it fakes, because MiniStack does not have it, and nothing else:
 * - failures of a function that was invoked asynchronously end in S3, written with the rights of the function's role
 *   (MiniStack keeps S3 destinations but never delivers to them);
 * - alarms are described with all their fields, as they were put (MiniStack leaves most of them out);
 * - lines of a log group are given page by page (MiniStack leaves out what comes after the first page);
 * - ListLogGroups, and GetResources where it asks for log groups only: made of MiniStack's groups and tags, after
 *   MiniStack has judged the caller's rights (it knows neither);
 * - a log group takes five subscription filters and not one more, and none where it is not of the class STANDARD
 *   (MiniStack takes all; which error AWS gives for the class is our guess);
 * - filter patterns that MiniStack would never match are refused, instead of silently delivering nothing, unless a test
 *   that sends no lines has them taken;
 * - MonitorInstances, which moto does not have, and what it says of descriptions of rules and of public addresses;
 * - on demand, rules of EventBridge hear of each log group that is created, as in an account with a trail (MiniStack's
 *   trails tell EventBridge nothing);
 * - faults and AWS's quotas on demand.
 * Everything else is passed on as it is: where moto runs too, what is about EC2 to moto.
 */
export class Gateway {
  readonly calls: Call[] = [];
  /** How the asynchronous invocations ended that were the gateway's to do. */
  readonly outcomes: Outcome[] = [];
  readonly #faults = new Faults();
  readonly #quotas: Quotas;
  readonly #places: Places;
  readonly #alarms = new ByPlace(() => new Alarms());
  readonly #logGroups: ByPlace<LogGroups>;
  #hasTrail = false;
  #takesAnyPattern = false;
  readonly #endpoint: string;
  readonly #upstream: number;
  readonly #moto: number | undefined;
  readonly #server = createServer((incoming, answer) => void this.#handle(incoming, answer));

  private constructor(port: number, upstream: number, { moto, now }: GatewayProps) {
    this.#endpoint = `http://127.0.0.1:${port}`;
    this.#upstream = upstream;
    this.#moto = moto;
    this.#quotas = new Quotas(now);
    const ministack = `http://127.0.0.1:${upstream}`;
    this.#places = new Places(ministack);
    this.#logGroups = new ByPlace((place) => new LogGroups(ministack, place));
  }

  /** @param upstream MiniStack's port */
  static async start(port: number, upstream: number, props: GatewayProps = {}): Promise<Gateway> {
    const gateway = new Gateway(port, upstream, props);
    await new Promise<void>((resolve, reject) => {
      gateway.#server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    return gateway;
  }

  /** Lets calls fail until the returned function is called. */
  fail(fault: Fault): () => void {
    return this.failFrom(1, fault);
  }

  /** Lets the n-th of the calls that the fault is meant for fail, counted from now, and no other. */
  failNth(n: number, fault: Fault): () => void {
    return this.#faults.plan(fault, n, n);
  }

  /** Lets the n-th call and all after it fail, as if the caller had been killed, until the returned function is called. */
  failFrom(n: number, fault: Fault): () => void {
    return this.#faults.plan(fault, n, Number.POSITIVE_INFINITY);
  }

  /** Throttles calls until the returned function is called. */
  limit(quota: Quota): () => void {
    return this.#quotas.limit(quota);
  }

  /** Throttles calls as AWS does until the returned function is called. */
  keepQuotas(): () => void {
    const ends = AWS_QUOTAS.map((quota) => this.limit(quota));
    return () => {
      for (const end of ends) end();
    };
  }

  /** Has EventBridge hear of new log groups until the returned function is called. */
  keepTrail(): () => void {
    this.#hasTrail = true;
    return () => {
      this.#hasTrail = false;
    };
  }

  /** Takes all filter patterns, for tests that send no lines, until the returned function is called. */
  takeAnyPattern(): () => void {
    this.#takesAnyPattern = true;
    return () => {
      this.#takesAnyPattern = false;
    };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    try {
      const body = await read(incoming);
      const call = identify(incoming, body);
      const reply = await this.#replyTo(call, incoming, body);
      this.calls.push({ ...call, status: reply?.status ?? 0 });
      if (reply) answer.writeHead(reply.status, reply.headers).end(reply.body);
      else incoming.socket.destroy();
    } catch (error) {
      answer.writeHead(502).end(`The gateway could not pass this on: ${error}`);
    }
  }

  /** @returns undefined when the connection is to be cut */
  async #replyTo(call: PendingCall, incoming: IncomingMessage, body: Buffer): Promise<Reply | undefined> {
    const failure = this.#faults.meet(call);
    if (failure && 'code' in failure)
      return errorReply(call.service, failure.status, failure.code, 'A fault that a test asked for.');
    if (failure?.cut === 'before') return undefined;
    const throttled = this.#quotas.refuse(call);
    const reply = throttled
      ? errorReply(call.service, 400, throttled, 'Rate exceeded')
      : await this.#serve(call, incoming, body);
    return failure ? undefined : reply;
  }

  async #serve(call: PendingCall, incoming: IncomingMessage, body: Buffer): Promise<Reply> {
    try {
      const place = await this.#places.of(incoming);
      return (
        (await this.#answerOurselves(call, place, incoming, body)) ?? (await this.#pass(call, place, incoming, body))
      );
    } catch (error) {
      if (error instanceof RefusedByFake) return errorReply(call.service, 400, error.code, error.message);
      throw error;
    }
  }

  async #answerOurselves(
    call: PendingCall,
    place: Place,
    incoming: IncomingMessage,
    body: Buffer,
  ): Promise<Reply | undefined> {
    switch (`${call.service} ${call.action}`) {
      case 'logs PutSubscriptionFilter':
        await this.#checkFilter(place, JSON.parse(body.toString()));
        return undefined;
      case 'logs ListLogGroups':
        return this.#list(place, incoming, body);
      case 'ec2 MonitorInstances':
        return monitored(body);
      case 'tagging GetResources':
        return this.#resources(place, incoming, body);
      default: {
        const invoked = incoming.headers['x-amz-invocation-type'] === 'Event' && INVOCATION.exec(incoming.url ?? '');
        return invoked ? this.#invoke(place, decodeURIComponent(invoked[1] ?? ''), body) : undefined;
      }
    }
  }

  async #checkFilter(place: Place, input: Readonly<Record<string, unknown>>): Promise<void> {
    if (!this.#takesAnyPattern && !isBarePattern(input.filterPattern))
      throw new RefusedByFake('InvalidParameterException', 'The emulator knows only filter patterns of bare words.');
    await this.#logGroups.at(place).checkFilter(input);
  }

  async #list(place: Place, incoming: IncomingMessage, body: Buffer): Promise<Reply> {
    const reply = await forward(this.#upstream, incoming, body);
    const unknown = reply.status === 400 && reply.body.includes('Unknown action');
    return unknown ? jsonReply(await this.#logGroups.at(place).list(JSON.parse(body.toString()))) : reply;
  }

  async #resources(place: Place, incoming: IncomingMessage, body: Buffer): Promise<Reply> {
    const reply = await forward(this.#upstream, incoming, body);
    const input = JSON.parse(body.toString());
    const ours = reply.status === 200 && asksForLogGroups(input);
    return ours ? jsonReply(await this.#logGroups.at(place).resources(input)) : reply;
  }

  async #invoke(place: Place, functionName: string, payload: Buffer): Promise<Reply | undefined> {
    const destination = await findDestination(this.#endpoint, place, functionName);
    if (!destination) return undefined;
    void invokeAsynchronously(this.#endpoint, destination, payload).then(
      (outcome) => this.outcomes.push(outcome),
      (error) => this.outcomes.push({ kind: 'lost', reason: String(error) }),
    );
    return { status: 202, headers: {}, body: Buffer.alloc(0) };
  }

  async #pass(call: PendingCall, place: Place, incoming: IncomingMessage, body: Buffer): Promise<Reply> {
    const moto = this.#moto ? { port: this.#moto, account: place.account } : undefined;
    if (moto && isAnsweredByMoto(call, body)) return askMoto(moto, call.action, incoming, body);
    const { service, action } = call;
    if (action === 'FilterLogEvents') return filterLogEvents(body, (query) => forward(this.#upstream, incoming, query));
    if (action === 'PutMetricAlarm') this.#alarms.at(place).put(body);
    const reply = await forward(this.#upstream, incoming, body);
    if (moto && ANSWERED_BY_BOTH.includes(action)) await forwardToMoto(moto, incoming, body);
    if (service === 'logs' && reply.status === 200) await this.#note(place, action, body);
    return action === 'DescribeAlarms' ? { ...reply, body: this.#alarms.at(place).complete(reply.body) } : reply;
  }

  async #note(place: Place, action: string, body: Buffer): Promise<void> {
    this.#logGroups.at(place).note(action, body);
    if (action === 'CreateLogGroup' && this.#hasTrail)
      await tellOfCreation(this.#endpoint, place, JSON.parse(body.toString()));
  }
}

const INVOCATION = /^\/2015-03-31\/functions\/([^/]+)\/invocations/;

/** `''` or words without the signs of the pattern language: the only patterns that MiniStack matches as AWS does. */
function isBarePattern(pattern: unknown): boolean {
  return pattern === undefined || (typeof pattern === 'string' && /^[\w\s]*$/.test(pattern));
}
