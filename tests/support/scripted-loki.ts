import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** What the fake does with one request, after it has read all of it. */
export type Step =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  /** Resets the connection without an answer. */
  | 'reset'
  /** Closes the connection in the middle of the answer. */
  | 'break off'
  /** Never answers. */
  | 'stall'
  /** Never finishes the answer. */
  | 'stall in the answer'
  /** Refuses with status 400 and 70,000 bytes of an answer that never ends. */
  | 'answer without end';

export interface Seen {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** 1 for the first connection that was made, and so on. */
  readonly connection: number;
}

export interface ScriptedLoki {
  readonly url: string;
  /** The requests so far, oldest first. */
  readonly seen: readonly Seen[];
  stop(): Promise<void>;
}

/**
 * A fake of Loki: a real HTTP server on this machine that does what its script says, a step a request, and after the
 * last step answers 204.
 *
 * @param tls makes it an HTTPS server
 */
export async function startScriptedLoki(
  script: readonly Step[] = [],
  tls?: { readonly key: string; readonly cert: string },
): Promise<ScriptedLoki> {
  const seen: Seen[] = [];
  const connections: unknown[] = [];

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url: path, headers, socket } = request;
    if (!connections.includes(socket)) connections.push(socket);
    const connection = connections.indexOf(socket) + 1;
    const step = script[seen.push({ method, path, headers, body: Buffer.concat(chunks), connection }) - 1];

    if (step === 'reset') socket.resetAndDestroy();
    else if (step === 'break off' || step === 'stall in the answer') {
      response.writeHead(200, { 'Content-Length': 100 });
      response.write('half', () => step === 'break off' && socket.destroy());
    } else if (step === 'answer without end') response.writeHead(400).write(`why: ${'x'.repeat(70_000)}`);
    else if (step !== 'stall') response.writeHead(step?.status ?? 204, step?.headers).end(step?.body);
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
