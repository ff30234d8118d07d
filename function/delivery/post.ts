import type { Agent, ClientRequest, RequestOptions } from 'node:http';

/** What a server said to a request. */
export interface Answer {
  readonly status: number;
  /** The header Retry-After. */
  readonly retryAfter: string | undefined;
  /** The header Date. */
  readonly date?: string | undefined;
  /** The beginning of the body. */
  readonly text: string;
}

/** There was no answer, or it broke off. */
export interface NoAnswer {
  /** Of Node, for example ECONNREFUSED. */
  readonly code: string;
  /** The request was sent on a kept connection which the server had closed meanwhile. */
  readonly stale: boolean;
}

/** Sends one POST request; `timeoutMs` covers all of it, to the last byte of the answer. */
export type Post = (
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
  timeoutMs: number,
) => Promise<Answer | NoAnswer>;

/**
 * This much of an answer is read. Loki says in it how many entries it refused, after the labels and one sentence for
 * each kind of refusal; a proxy may send a whole page.
 */
const MAX_ANSWER_BYTES = 64 * 1024;

/** Posts to one URL over kept connections. Node's client is loaded at the first request: that costs some milliseconds. */
export function createPost(url: URL): Post {
  let client: Promise<Client> | undefined;
  return async (body, headers, timeoutMs) => {
    client ??= load(url);
    const { request, agent } = await client;
    return new Promise((resolve) => {
      try {
        send(request(url, { method: 'POST', agent, headers }), body, timeoutMs, resolve);
      } catch (error) {
        resolve({ code: codeOf(error), stale: false }); // For example a line break in a header.
      }
    });
  };
}

interface Client {
  readonly request: (url: URL, options: RequestOptions) => ClientRequest;
  readonly agent: Agent;
}

async function load(url: URL): Promise<Client> {
  const { Agent, request } = await (url.protocol === 'https:' ? import('node:https') : import('node:http'));
  return { request, agent: new Agent({ keepAlive: true }) };
}

function send(
  request: ClientRequest,
  body: Uint8Array,
  timeoutMs: number,
  settle: (result: Answer | NoAnswer) => void,
): void {
  const end = (result: Answer | NoAnswer) => {
    clearTimeout(timer);
    settle(result); // The first result counts: destroying a request makes it fail as well.
  };
  const timer = setTimeout(() => {
    end({ code: 'ETIMEDOUT', stale: false });
    request.destroy();
  }, timeoutMs);

  request.on('error', (error) => {
    const code = codeOf(error);
    end({ code, stale: request.reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE') });
  });
  request.on('response', (response) => {
    const read: Buffer[] = [];
    let length = 0;
    const answer = (): Answer => ({
      status: response.statusCode ?? 0,
      retryAfter: response.headers['retry-after'],
      date: response.headers.date,
      text: Buffer.concat(read).toString('utf8', 0, MAX_ANSWER_BYTES),
    });
    response.on('data', (chunk: Buffer) => {
      read.push(chunk);
      length += chunk.length;
      if (length < MAX_ANSWER_BYTES) return;
      end(answer());
      request.destroy();
    });
    response.on('end', () => end(answer()));
    response.on('error', (error) => end({ code: codeOf(error), stale: false }));
  });
  request.end(body);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
