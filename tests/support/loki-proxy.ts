import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { forward } from '../../tools/local/forward.ts';
import { type Reply, read } from '../../tools/local/reply.ts';

/** A proxy in front of a Loki, as a company may have one. */
export interface LokiProxy {
  readonly url: string;
  /** Answers with this status instead of Loki until the returned function is called. */
  refuse(status: number): () => void;
  stop(): Promise<void>;
}

export async function startLokiProxy(loki: string): Promise<LokiProxy> {
  const port = Number(new URL(loki).port);
  let refusal: Reply | undefined;
  const answerTo = async (incoming: IncomingMessage): Promise<Reply> => {
    const body = await read(incoming);
    return refusal ?? forward(port, incoming, body);
  };
  const server = createServer((incoming, answer) => {
    answerTo(incoming).then(
      ({ status, headers, body }) => answer.writeHead(status, headers).end(body),
      () => incoming.socket.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refuse: (status) => {
      refusal = { status, headers: {}, body: Buffer.from('The proxy does not let this through.') };
      return () => {
        refusal = undefined;
      };
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
