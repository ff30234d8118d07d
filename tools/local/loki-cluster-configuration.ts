import { REGION } from './account.ts';
import type { Settings } from './loki.ts';

/** Where the chunks and the index go. */
export interface ObjectStorage {
  /** S3's endpoint. */
  readonly endpoint: string;
  /** Is there already. */
  readonly bucket: string;
}

/** A process. */
export interface Member {
  readonly name: string;
  readonly targets: string;
  readonly http: number;
  readonly grpc: number;
  readonly gossip: number;
}

/** The processes of a cluster, and what they have in common. */
export interface ClusterProps {
  readonly storage: ObjectStorage;
  readonly front: Member;
  readonly ingesters: readonly Member[];
  readonly querier: Member;
  readonly compactor: Member;
}

export const LOOPBACK = '127.0.0.1';

export function membersOf({ front, ingesters, querier, compactor }: ClusterProps): readonly Member[] {
  return [front, ...ingesters, querier, compactor];
}

/** What a process reads at its start. */
export function configuration(one: Member, data: string, props: ClusterProps): Settings {
  const { front, compactor, storage } = props;
  const frontend = `${LOOPBACK}:${front.grpc}`;
  return {
    target: one.targets,
    auth_enabled: false,
    server: {
      http_listen_address: LOOPBACK,
      http_listen_port: one.http,
      grpc_listen_address: LOOPBACK,
      grpc_listen_port: one.grpc,
      log_level: 'warn',
    },
    common: {
      instance_addr: LOOPBACK,
      path_prefix: data,
      replication_factor: props.ingesters.length,
      compactor_grpc_address: `${LOOPBACK}:${compactor.grpc}`,
      ring: {
        instance_id: one.name,
        heartbeat_period: '1s',
        heartbeat_timeout: '10s', // Until an ingester that is silent counts as gone: a minute by default.
        kvstore: { store: 'memberlist' },
      },
      storage: {
        s3: {
          endpoint: storage.endpoint,
          bucketnames: storage.bucket,
          region: REGION,
          s3forcepathstyle: true,
          insecure: true,
        },
      },
    },
    memberlist: {
      bind_addr: [LOOPBACK],
      bind_port: one.gossip,
      advertise_addr: LOOPBACK,
      advertise_port: one.gossip,
      join_members: membersOf(props).map(({ gossip }) => `${LOOPBACK}:${gossip}`),
    },
    schema_config: {
      configs: [
        {
          from: '2024-04-01',
          store: 'tsdb',
          object_store: 's3',
          schema: 'v13',
          index: { prefix: 'index_', period: '24h' },
        },
      ],
    },
    ingester: { lifecycler: { min_ready_duration: '0s', join_after: '0s' } },
    frontend: { scheduler_address: frontend },
    frontend_worker: { scheduler_address: frontend, dns_lookup_duration: '100ms' },
    query_range: { cache_results: false },
    // Lines of any age are taken, and one that comes twice is shown once.
    limits_config: {
      shard_streams: { enabled: false, time_sharding_enabled: true, time_sharding_ignore_recent: '0s' },
    },
    analytics: { reporting_enabled: false },
  };
}
