import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers as a Grafana that is well. */
export interface FakeGrafana {
  readonly port: number;
  stop(): void;
}

export function startFakeGrafana(): Promise<FakeGrafana> {
  const server = createServer((_request, response) => response.end('{"database":"ok","version":"fake"}'));
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve({ port: (server.address() as AddressInfo).port, stop: () => void server.close().closeAllConnections() }),
    ),
  );
}
