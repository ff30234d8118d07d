import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** What the fake does with one request, after it has read all of it. */
export type Step =
  | Reply
  /** Resets the connection without an answer. */
  | 'reset'
  /** Closes the connection in the middle of the answer. */
  | 'break off'
  /** Closes it in the middle of the first line of the answer. */
  | 'half a status'
  /** Closes it in the middle of the headers. */
  | 'half the headers'
  /** Answers with something else than HTTP. */
  | 'garbage'
  /** Never answers. */
  | 'stall'
  /** Never finishes the answer. */
  | 'stall in the answer'
  /** Refuses with status 400 and 70,000 bytes of an answer that never ends. */
  | 'answer without end';

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Sends the body byte by byte. */
  readonly slowly?: boolean;
}

export interface Seen {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** 1 for the first connection that was made, and so on. */
  readonly connection: number;
}

/** The steps one after the other, a step a request, and after the last of them 204; or a step by the request. */
export type Script = readonly (Step | 'reset early')[] | ((request: Seen, index: number) => Step);

export interface ScriptedLoki {
  readonly url: string;
  /** The requests so far, oldest first. */
  readonly seen: readonly Seen[];
  stop(): Promise<void>;
}

const STORED: Reply = { status: 204 };

/**
 * A fake of Loki: a real HTTP server on this machine that does what its script says.
 *
 * @param tls makes it an HTTPS server
 */
export async function startScriptedLoki(
  script: Script = [],
  tls?: { readonly key: string; readonly cert: string },
): Promise<ScriptedLoki> {
  const seen: Seen[] = [];
  const connections: unknown[] = [];

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { method, url: path, headers, socket } = request;
    if (!connections.includes(socket)) connections.push(socket);
    const connection = connections.indexOf(socket) + 1;
    // Before anything of the body is read.
    if (typeof script !== 'function' && script[seen.length] === 'reset early') {
      seen.push({ method, path, headers, body: Buffer.alloc(0), connection });
      socket.resetAndDestroy();
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const one = { method, path, headers, body: Buffer.concat(chunks), connection };
    const index = seen.push(one) - 1;
    const step = typeof script === 'function' ? script(one, index) : (script[index] ?? STORED);
    if (step !== 'reset early') await act(step, request, response);
  };

  const server = tls ? createTlsServer(tls, answer) : createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    seen,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function act(step: Step, { socket }: IncomingMessage, response: ServerResponse): Promise<void> {
  if (typeof step === 'object') return reply(step, response);
  switch (step) {
    case 'reset':
      socket.resetAndDestroy();
      return;
    case 'half a status':
      socket.end('HTTP/1.1 2');
      return;
    case 'half the headers':
      socket.end('HTTP/1.1 204 No Content\r\nDate: ');
      return;
    case 'garbage':
      socket.end('SSH-2.0-OpenSSH_9.6\r\n');
      return;
    case 'break off':
    case 'stall in the answer':
      response.writeHead(200, { 'Content-Length': 100 });
      response.write('half', () => step === 'break off' && socket.destroy());
      return;
    case 'answer without end':
      response.writeHead(400).write(`why: ${'x'.repeat(70_000)}`);
      return;
    case 'stall':
  }
}

async function reply({ status, headers, body = '', slowly }: Reply, response: ServerResponse): Promise<void> {
  response.writeHead(status, headers);
  if (slowly)
    for (const byte of Buffer.from(body)) {
      response.write(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
  response.end(slowly ? undefined : body);
}
