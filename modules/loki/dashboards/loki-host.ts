import { MappingType } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard } from './dashboard.ts';
import { logs, stackedBars, stat, timeSeries } from './panels.ts';
import { instant, lines, range } from './targets.ts';
import { above, NONE, ONE } from './thresholds.ts';
import { hostVariable } from './variables.ts';

/** What the host tells Loki of itself, once a minute: a line `msg=health`, and one for each reason of discards. */
const HOST = '{service_name="loki-host", host=~"$host"}';

/** The values of a field of the health lines. @param host selects the hosts */
export function health(field: string, host = HOST): string {
  return `${host} | logfmt msg, ${field} | msg="health" | unwrap ${field} | __error__=""`;
}

/** The lines that Loki discarded, by `reason`. @param host selects the hosts */
export function discarded(field: 'lines' | 'bytes', host = HOST): string {
  return `${host} | logfmt msg, reason, ${field} | msg="discarded" | unwrap ${field} | __error__=""`;
}

/** Five health lines: one may be late. */
const NOW = '5m';

/** A window has two health lines, or else one that is late leaves a gap. */
const LEAST = '2m';

const worst = (field: string) => instant(`min(last_over_time(${health(field)} [${NOW}]) by (host))`);
const most = (field: string) => instant(`max(last_over_time(${health(field)} [${NOW}]) by (host))`);
const over = (field: string, legend = '{{host}}') =>
  range(`max_over_time(${health(field)} [$__auto]) by (host)`, legend);
/** Of a field that counts what came since the line before: how much a second. */
const perSecond = (field: string) => range(`sum by (host) (rate(${health(field)} [$__auto]))`, '{{host}}');

const UP_OR_DOWN = [
  {
    type: MappingType.ValueToText as const,
    options: { '1': { text: 'up', color: 'green', index: 0 }, '0': { text: 'down', color: 'red', index: 1 } },
  },
];
const SILENT = `no line in ${NOW}`;

/** Whether the host is well, and for how long it will be. */
export const LOKI_HOST = dashboard({
  uid: 'loki-shipper-host',
  title: 'Loki host',
  description:
    'Loki and Grafana on their instance, from the line that the host writes of itself once a minute. When Loki takes no lines at all there are none here either: the CloudWatch alarms of the module say so.',
  from: 'now-6h',
  variables: [hostVariable()],
  rows: {
    Health: [
      stat({
        title: 'Loki',
        description: 'Up: the health line was stored. Loki refuses lines when its disk is 90 % full.',
        unit: 'none',
        width: 4,
        targets: [worst('loki')],
        steps: ONE,
      })
        .mappings(UP_OR_DOWN)
        .noValue(SILENT),
      stat({
        title: 'Grafana',
        description: 'Up: its health check answers.',
        unit: 'none',
        width: 4,
        targets: [worst('grafana')],
        steps: ONE,
      })
        .mappings(UP_OR_DOWN)
        .noValue(SILENT),
      stat({
        title: 'Configuration',
        description:
          'Up: the newest configuration is applied. Down: a step of it failed, and the boot report says which.',
        unit: 'none',
        width: 4,
        targets: [worst('applied')],
        steps: ONE,
      })
        .mappings(UP_OR_DOWN)
        .noValue(SILENT),
      stat({
        title: 'Disk',
        description:
          'Of the data volume. At 90 % Loki stops: grow it (volume_gb), or keep lines for fewer days (retention_days).',
        unit: 'percent',
        width: 4,
        targets: [most('disk_used_percent')],
        steps: above(70, 80),
      }).noValue(SILENT),
      stat({
        title: 'Memory',
        description: 'Of the instance. Always near 100 %: a larger instance_type.',
        unit: 'percent',
        width: 4,
        targets: [most('memory_used_percent')],
        steps: above(85, 95),
      }).noValue(SILENT),
      stat({
        title: 'Streams',
        description:
          'Combinations of labels that Loki has in memory. Many more than log groups: a label has too many values.',
        unit: 'short',
        width: 4,
        targets: [most('streams')],
      }).noValue(SILENT),
    ],
    Ingest: [
      timeSeries(
        {
          title: 'Ingest rate',
          description: 'Text that Loki takes, before compression.',
          unit: 'Bps',
          width: 8,
          targets: [perSecond('ingested_bytes')],
        },
        LEAST,
      ),
      timeSeries(
        {
          title: 'Lines',
          description: 'Lines that Loki takes.',
          unit: 'cps',
          width: 8,
          targets: [perSecond('ingested_lines')],
        },
        LEAST,
      ),
      timeSeries(
        {
          title: 'Active streams',
          description: 'A step that stays: a new label, or one whose value changes with each deployment.',
          unit: 'short',
          width: 8,
          targets: [over('streams')],
        },
        LEAST,
      ),
      stackedBars(
        {
          title: 'Discarded by reason',
          description:
            'Lines that Loki refused. Of the shipper they are parked, and can be replayed; of others they are lost.',
          unit: 'short',
          width: 12,
          targets: [range(`sum by (reason) (sum_over_time(${discarded('lines')} [$__auto]))`, '{{reason}}')],
          steps: NONE,
        },
        LEAST,
      ),
      stackedBars(
        {
          title: 'Failed pushes',
          description:
            'Pushes that Loki answered with a server error, such as a full disk or a restart. Clients repeat them.',
          unit: 'short',
          width: 12,
          targets: [range(`sum by (host) (sum_over_time(${health('push_errors')} [$__auto]))`, '{{host}}')],
          steps: NONE,
        },
        LEAST,
      ),
    ],
    'Disk and memory': [
      timeSeries(
        {
          title: 'Disk used',
          description:
            'Of the data volume, and of the file system of the write-ahead log, at 90 % of which Loki takes no lines.',
          unit: 'percent',
          width: 12,
          targets: [over('disk_used_percent', '{{host}} data'), over('wal_disk_used_percent', '{{host}} WAL')],
          steps: above(70, 80),
        },
        LEAST,
      )
        .min(0)
        .max(100),
      timeSeries(
        {
          title: 'Disk free',
          description:
            'How fast it falls says when the volume is full. Retention makes it level once the oldest lines are that old.',
          unit: 'bytes',
          width: 12,
          targets: [over('disk_free_bytes')],
        },
        LEAST,
      ),
      timeSeries(
        {
          title: 'Write-ahead log',
          description:
            'What Loki reads again after a restart. It falls with each checkpoint; one that only grows does not come back.',
          unit: 'bytes',
          width: 8,
          targets: [over('wal_bytes')],
        },
        LEAST,
      ),
      timeSeries(
        {
          title: 'Memory used',
          description: 'Of the instance.',
          unit: 'percent',
          width: 8,
          targets: [over('memory_used_percent')],
          steps: above(85, 95),
        },
        LEAST,
      )
        .min(0)
        .max(100),
      timeSeries(
        {
          title: 'Swap and load',
          description: 'Swap that grows, and a load above the number of CPUs: the instance is too small.',
          unit: 'bytes',
          width: 8,
          targets: [over('swap_used_bytes', '{{host}} swap'), over('load1', '{{host}} load')],
        },
        LEAST,
      ).overrideByRegexp('/ load$/', [
        { id: 'unit', value: 'short' },
        { id: 'custom.axisPlacement', value: 'right' },
      ]),
    ],
    Lines: [
      logs({
        title: 'What the host says',
        description: 'Its own lines, as they came.',
        width: 24,
        targets: [lines(HOST)],
      }),
    ],
  },
});
