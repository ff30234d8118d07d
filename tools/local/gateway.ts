import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { Alarms } from './alarms.ts';
import { filterLogEvents, type Reply } from './log-pages.ts';
import { findDestination, invokeAsynchronously, type Outcome } from './on-failure.ts';

/** A call that the gateway saw. */
export interface Call {
  /** As in the credential scope: `logs`, `iam`, `lambda` … */
  readonly service: string;
  /** The API action, for example `TagResource`; method and path where the protocol names none. */
  readonly action: string;
  readonly status: number;
}

/** Calls that are answered with an error of ours instead of being passed on. */
export interface Fault {
  readonly service: string;
  readonly action: string;
  readonly status: number;
  /** The error's name, for example `ThrottlingException`. */
  readonly code: string;
}

/**
 * Stands in front of MiniStack. What it fakes, because MiniStack does not have it, and nothing else:
 * - failures of a function that was invoked asynchronously end in S3, written with the rights of the function's role
 *   (MiniStack keeps S3 destinations but never delivers to them);
 * - alarms are described with all their fields, as they were put (MiniStack leaves most of them out);
 * - lines of a log group are given page by page (MiniStack leaves out what comes after the first page);
 * - filter patterns that MiniStack would never match are refused, instead of silently delivering nothing;
 * - faults on demand.
 * Everything else is passed on as it is, with its Host header, which the signature covers, and as if it had come over
 * TLS, which it would to AWS: bucket policies ask for it.
 */
export class Gateway {
  readonly calls: Call[] = [];
  /** How the asynchronous invocations ended that were the gateway's to do. */
  readonly outcomes: Outcome[] = [];
  readonly #faults = new Set<Fault>();
  readonly #alarms = new Alarms();
  readonly #endpoint: string;
  readonly #upstream: number;
  readonly #server = createServer((incoming, answer) => void this.#handle(incoming, answer));

  private constructor(port: number, upstream: number) {
    this.#endpoint = `http://127.0.0.1:${port}`;
    this.#upstream = upstream;
  }

  static async start(port: number, upstream: number): Promise<Gateway> {
    const gateway = new Gateway(port, upstream);
    await new Promise<void>((resolve, reject) => {
      gateway.#server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    return gateway;
  }

  /** Lets calls fail until the returned function is called. */
  fail(fault: Fault): () => void {
    this.#faults.add(fault);
    return () => this.#faults.delete(fault);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    try {
      const body = await read(incoming);
      const call = identify(incoming, body);
      const reply = (await this.#answerOurselves(call, incoming, body)) ?? (await this.#pass(call, incoming, body));
      this.calls.push({ ...call, status: reply.status });
      answer.writeHead(reply.status, reply.headers).end(reply.body);
    } catch (error) {
      answer.writeHead(502).end(`The gateway could not pass this on: ${error}`);
    }
  }

  async #answerOurselves(call: Identity, incoming: IncomingMessage, body: Buffer): Promise<Reply | undefined> {
    for (const { service, action, status, code } of this.#faults)
      if (service === call.service && action === call.action)
        return jsonError(status, code, 'A fault that a test asked for.');
    if (call.action === 'PutSubscriptionFilter' && !isBarePattern(JSON.parse(body.toString()).filterPattern))
      return jsonError(400, 'InvalidParameterException', 'The emulator knows only filter patterns of bare words.');
    const invoked = incoming.headers['x-amz-invocation-type'] === 'Event' && INVOCATION.exec(incoming.url ?? '');
    return invoked ? this.#invoke(decodeURIComponent(invoked[1] ?? ''), body) : undefined;
  }

  async #invoke(functionName: string, payload: Buffer): Promise<Reply | undefined> {
    const destination = await findDestination(this.#endpoint, functionName);
    if (!destination) return undefined;
    void invokeAsynchronously(this.#endpoint, destination, payload).then(
      (outcome) => this.outcomes.push(outcome),
      (error) => this.outcomes.push({ kind: 'lost', reason: String(error) }),
    );
    return { status: 202, headers: {}, body: Buffer.alloc(0) };
  }

  async #pass({ action }: Identity, incoming: IncomingMessage, body: Buffer): Promise<Reply> {
    if (action === 'FilterLogEvents') return filterLogEvents(body, (query) => this.#forward(incoming, query));
    if (action === 'PutMetricAlarm') this.#alarms.put(body);
    const reply = await this.#forward(incoming, body);
    return action === 'DescribeAlarms' ? { ...reply, body: this.#alarms.complete(reply.body) } : reply;
  }

  #forward(incoming: IncomingMessage, body: Buffer): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const { method, url: path } = incoming;
      const headers = {
        ...incoming.headers,
        'x-forwarded-proto': 'https',
        ...(incoming.headers['content-length'] && { 'content-length': String(body.length) }),
      };
      const upstream = request({ host: '127.0.0.1', port: this.#upstream, method, path, headers, agent: false });
      upstream.once('error', reject);
      upstream.once('response', (response) => {
        read(response).then(
          (content) =>
            resolve({ status: response.statusCode ?? 502, headers: withoutFraming(response.headers), body: content }),
          reject,
        );
      });
      upstream.end(body);
    });
  }
}

type Identity = Omit<Call, 'status'>;

const INVOCATION = /^\/2015-03-31\/functions\/([^/]+)\/invocations/;

function identify({ headers, method, url = '' }: IncomingMessage, body: Buffer): Identity {
  const service = /Credential=[^/]+\/[^/]+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? '';
  const target = String(headers['x-amz-target'] ?? '').split('.')[1];
  const query = /urlencoded/.test(headers['content-type'] ?? '') && /(?:^|&)Action=(\w+)/.exec(body.toString());
  return { service, action: target ?? (query ? query[1] : undefined) ?? `${method} ${url.split('?')[0]}` };
}

/** `''` or words without the signs of the pattern language: the only patterns that MiniStack matches as AWS does. */
function isBarePattern(pattern: unknown): boolean {
  return pattern === undefined || (typeof pattern === 'string' && /^[\w\s]*$/.test(pattern));
}

function jsonError(status: number, code: string, message: string): Reply {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': code };
  return { status, headers, body: Buffer.from(JSON.stringify({ __type: code, message })) };
}

/** The body is sent whole, so its framing is ours. */
function withoutFraming({
  'transfer-encoding': _,
  'content-length': __,
  connection: ___,
  ...headers
}: IncomingHttpHeaders) {
  return headers;
}

async function read(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part);
  return Buffer.concat(parts);
}
