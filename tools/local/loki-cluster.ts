import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientConfig, REGION } from './account.ts';
import { answers, discarded, type Loki, query } from './loki.ts';
import {
  type ClusterProps,
  configuration,
  LOOPBACK,
  type Member,
  membersOf,
  type ObjectStorage,
} from './loki-cluster-configuration.ts';
import { freePort, type Service, startService } from './service.ts';
import { VERSIONS } from './versions.ts';

/** A Loki of many processes, each with a part of its work. */
export interface LokiCluster extends Loki {
  /** Ends an ingester as a crash does; what it had on its disk stays. */
  killIngester(n: number): Promise<void>;
  /** Starts an ingester again that was killed. */
  startIngester(n: number): Promise<void>;
  /** How many ingesters take lines, as the distributor sees it. */
  activeIngesters(): Promise<number>;
  /** What an ingester has counted since it was started, by the name of the metric. */
  counterOf(n: number, metric: string): Promise<number>;
  /** Has the ingesters write all that they hold to the bucket, and stops all. */
  retire(): Promise<void>;
}

const INGESTERS = 3;

/**
 * Starts a real Loki in microservices mode: three ingesters of which each holds every line, a querier, a compactor, and
 * one process for all that clients talk to: it takes pushes, and has queries answered. Each is a process of its own with
 * a folder of its own; they find each other by gossip.
 */
export async function startLokiCluster(command: string, folder: string, storage: ObjectStorage): Promise<LokiCluster> {
  const front = await member('front', 'distributor,query-frontend,query-scheduler');
  const ingesters: Member[] = [];
  for (let n = 0; n < INGESTERS; n++) ingesters.push(await member(`ingester-${n}`, 'ingester'));
  const others = { querier: await member('querier', 'querier'), compactor: await member('compactor', 'compactor') };
  const cluster = new Processes(command, folder, { storage, front, ingesters, ...others });
  await cluster.start();
  return cluster;
}

class Processes implements LokiCluster {
  readonly url: string;
  readonly #command: string;
  readonly #folder: string;
  readonly #props: ClusterProps;
  readonly #running = new Map<Member, Service>();

  constructor(command: string, folder: string, props: ClusterProps) {
    this.url = urlOf(props.front);
    this.#command = command;
    this.#folder = folder;
    this.#props = props;
  }

  query(logql: string, tenant?: string) {
    return query(this.url, logql, tenant);
  }

  async discarded(tenant?: string) {
    // A line that an ingester refuses, all refuse.
    const counts = await Promise.all([this.url, urlOf(this.#ingester(0))].map((url) => discarded(url, tenant)));
    return Object.assign({}, ...counts);
  }

  async start(): Promise<void> {
    const { front } = this.#props;
    const ready = async (signal: AbortSignal) =>
      (await this.activeIngesters()) === INGESTERS && (await answers(this.url, signal));
    const starting = membersOf(this.#props).map((one) => this.#start(one, one === front ? ready : undefined));
    const failed = (await Promise.allSettled(starting)).find((one) => one.status === 'rejected');
    if (!failed) return;
    await this.stop();
    throw failed.reason;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  kill(): Promise<void> {
    return this.#end('kill', [...this.#running.keys()]);
  }

  stop(): Promise<void> {
    return this.#end('stop', [...this.#running.keys()]);
  }

  killIngester(n: number): Promise<void> {
    return this.#end('kill', [this.#ingester(n)]);
  }

  startIngester(n: number): Promise<void> {
    return this.#start(this.#ingester(n));
  }

  async activeIngesters(): Promise<number> {
    const response = await fetch(`${this.url}/ring`, { headers: { accept: 'application/json' } });
    const { shards } = (await response.json()) as { readonly shards: readonly { readonly state: string }[] | null };
    return (shards ?? []).filter(({ state }) => state === 'ACTIVE').length;
  }

  async counterOf(n: number, metric: string): Promise<number> {
    const metrics = await (await fetch(`${urlOf(this.#ingester(n))}/metrics`)).text();
    return Number(new RegExp(`^${metric} (\\S+)$`, 'm').exec(metrics)?.[1] ?? 0);
  }

  async retire(): Promise<void> {
    const written = await Promise.all(
      this.#props.ingesters.map((one) => fetch(`${urlOf(one)}/ingester/shutdown?flush=true`, { method: 'POST' })),
    );
    for (const { status } of written)
      if (status !== 204) throw new Error(`An ingester does not write what it holds: ${status}`);
    await this.stop();
  }

  async #start(one: Member, ready = (signal: AbortSignal) => responds(one, signal)): Promise<void> {
    const data = join(this.#folder, one.name);
    mkdirSync(data, { recursive: true });
    const config = join(data, 'loki.yaml'); // JSON is YAML.
    writeFileSync(config, JSON.stringify(configuration(one, data, this.#props)));
    const service = await startService({
      name: `Loki ${VERSIONS.loki}, ${one.name},`,
      command: this.#command,
      args: [`-config.file=${config}`],
      cwd: data,
      env: { HOME: data, TMPDIR: data, ...credentials(this.#props.storage) },
      ready,
      withinMs: 90_000,
    });
    this.#running.set(one, service);
  }

  async #end(how: 'kill' | 'stop', members: readonly Member[]): Promise<void> {
    await Promise.all(members.map((one) => this.#running.get(one)?.[how]()));
    for (const one of members) this.#running.delete(one);
  }

  #ingester(n: number): Member {
    const one = this.#props.ingesters[n];
    if (!one) throw new Error(`There are ingesters 0 to ${INGESTERS - 1}, and no ${n}.`);
    return one;
  }
}

async function member(name: string, targets: string): Promise<Member> {
  return { name, targets, http: await freePort(), grpc: await freePort(), gossip: await freePort() };
}

function urlOf({ http }: Member): string {
  return `http://${LOOPBACK}:${http}`;
}

async function responds(one: Member, signal: AbortSignal): Promise<boolean> {
  return (await fetch(`${urlOf(one)}/services`, { signal })).ok;
}

/** Found as those of an instance's role are. */
function credentials({ endpoint }: ObjectStorage): NodeJS.ProcessEnv {
  const { accessKeyId, secretAccessKey } = clientConfig(endpoint).credentials;
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_REGION: REGION };
}
