import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface ScriptedEmulator {
  readonly port: number;
  /** The requests so far, oldest first. */
  readonly seen: readonly Request[];
  stop(): Promise<void>;
}

/** A fake of MiniStack: a real HTTP server on this machine that answers as a function says. */
export async function startScriptedEmulator(answer: (request: Request) => Answer): Promise<ScriptedEmulator> {
  const seen: Request[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { method = '', url: path = '', headers } = incoming;
    const request = { method, path, headers, body: Buffer.concat(chunks).toString() };
    seen.push(request);
    const { status = 200, headers: extra, body = '' } = answer(request);
    outgoing.writeHead(status, extra).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { port, seen, stop };
}
