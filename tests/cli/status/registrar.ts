import type { LastHour } from '../../../cli/aws/log-metrics.ts';
import type { GroupStatus, StatusPage } from '../../../function/registry/answers.ts';
import { ScriptedSurroundings } from '../scripted-surroundings.ts';

export const NOW = Date.parse('2026-11-23T12:00:00Z');

export function group(logGroup: string, props: Partial<GroupStatus> = {}): GroupStatus {
  return {
    logGroup,
    wantedBy: ['listed'],
    subscribedBy: 'terraform',
    filterPattern: '',
    tags: {},
    problem: null,
    message: null,
    ...props,
  };
}

export function statusPage(groups: readonly GroupStatus[], props: Partial<StatusPage> = {}): StatusPage {
  return {
    groups,
    next: null,
    run: { at: '2026-11-23T11:58:00.000Z', remaining: 0, error: null },
    name: 'loki-shipper',
    labels: { from_tags: ['owner', 'team:*'], static: { env: 'prod' }, refresh_seconds: 300 },
    account: '123456789012',
    region: 'eu-central-1',
    ...props,
  };
}

/** One of each kind. */
export const GROUPS: readonly GroupStatus[] = [
  group('/aws/lambda/checkout', {
    wantedBy: ['listed', 'prefix /aws/lambda/', 'stack orders'],
    tags: { owner: 'checkout', 'team:shop': 'a', 'team-shop': 'b', env: 'dev' },
  }),
  group('/aws/lambda/invoice', {
    wantedBy: ['prefix /aws/lambda/'],
    subscribedBy: 'registrar',
    tags: { owner: '請求' },
  }),
  group('/aws/lambda/newborn', {
    wantedBy: ['prefix /aws/lambda/'],
    subscribedBy: null,
    filterPattern: null,
    tags: null,
  }),
  group('/aws/lambda/old', { wantedBy: [], subscribedBy: 'registrar' }),
  group('/ecs/gone', {
    wantedBy: ['cli'],
    subscribedBy: null,
    filterPattern: null,
    tags: null,
    problem: 'missing',
    message: 'Log group /ecs/gone does not exist in eu-central-1.',
  }),
  group('/ecs/orders', {
    wantedBy: ['stack orders'],
    subscribedBy: null,
    filterPattern: null,
    problem: 'filter_limit',
    message: 'Log group /ecs/orders has 5 subscription filters, and AWS allows no more: remove one of them.',
  }),
  group('/vpc/flow', { wantedBy: ['cli'], subscribedBy: 'registrar', filterPattern: 'REJECT', tags: { owner: 'net' } }),
];

const ago = (minutes: number) => NOW - minutes * 60_000;

export const FIGURES: Readonly<Record<string, LastHour>> = {
  '/aws/lambda/checkout': {
    lines: 12_345,
    bytes: 2_345_678,
    forwarded: 12_300,
    deliveryErrors: 0,
    lastForwardedAt: ago(2),
  },
  '/aws/lambda/invoice': { lines: 0, bytes: 0, forwarded: 0, deliveryErrors: 0, lastForwardedAt: null },
  '/vpc/flow': { lines: 900, bytes: 99_000, forwarded: 20, deliveryErrors: 17, lastForwardedAt: ago(35) },
};

const NO_LINES: LastHour = { lines: 0, bytes: 0, forwarded: 0, deliveryErrors: 0, lastForwardedAt: null };

/** A registrar that answers pages, and CloudWatch that counted. */
export class StatusSurroundings extends ScriptedSurroundings {
  /** What the metrics were asked for. */
  readonly measured: string[] = [];
  /** Is thrown when metrics are read. */
  denied: Error | undefined;

  constructor(pages: readonly (() => unknown)[] = [() => statusPage(GROUPS)], isTTY = false) {
    super(pages, isTTY);
  }

  override readonly metrics = () => {
    const { measured } = this;
    const denied = () => this.denied;
    return async function* ({ logGroups }: { readonly logGroups: readonly string[] }) {
      const error = denied();
      if (error) throw error;
      measured.push(...logGroups);
      yield logGroups.map((name) => [name, FIGURES[name] ?? NO_LINES] as const);
    };
  };
}
