import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands in for Loki, where a test needs it to have counted something: says what it is told, keeps what is pushed. */
export interface FakeLoki {
  readonly port: number;
  /** Of `/metrics`: name with labels → value. Undefined: it fails. */
  metrics: Readonly<Record<string, number>> | undefined;
  /** What it answers to a push. */
  status: number;
  /** Bodies of the pushes that it took. */
  readonly pushes: Push[];
  stop(): void;
}

export interface Push {
  readonly streams: readonly {
    readonly stream: Readonly<Record<string, string>>;
    readonly values: readonly (readonly [time: string, line: string])[];
  }[];
}

export function startFakeLoki(): Promise<FakeLoki> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    if (request.url === '/metrics' && loki.metrics) {
      const lines = Object.entries(loki.metrics).map(([name, value]) => `${name} ${value}\n`);
      return void response.end(`# HELP of metrics\n${lines.join('')}`);
    }
    response.statusCode = request.url === '/loki/api/v1/push' ? loki.status : 500;
    if (response.statusCode === 204) loki.pushes.push(JSON.parse(body));
    response.end();
  });
  const loki: FakeLoki = {
    port: 0,
    metrics: {},
    status: 204,
    pushes: [],
    stop: () => void server.close().closeAllConnections(),
  };
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve(Object.assign(loki, { port: (server.address() as AddressInfo).port }))),
  );
}
