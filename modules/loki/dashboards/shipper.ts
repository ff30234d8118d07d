import { dashboard } from './dashboard.ts';
import { type Column, stackedBars, table, timeSeries, total } from './panels.ts';
import { insights, type MetricProps, metric } from './targets.ts';
import { NONE } from './thresholds.ts';
import { shipperLogsVariable, shipperVariable } from './variables.ts';

/** Where the records of the shipper are counted (`function/metrics.ts`). */
export const NAMESPACE = 'loki-shipper';

const FUNCTION_NAME = "${PROP('Dim.FunctionName')}";

function own(name: string, label: string, statistic: MetricProps['statistic'] = 'Sum') {
  return metric({ namespace: NAMESPACE, name, statistic, label, functions: ['$shipper'] });
}

function lambda(name: string, label: string, statistic: MetricProps['statistic'] = 'Sum') {
  return metric({ namespace: 'AWS/Lambda', name, statistic, label, functions: ['$shipper'] });
}

/** Records of the shippers that are chosen. */
const RECORDS = 'filter ispresent(EntriesReceived) and FunctionName like /^${shipper:regex}$/';

const GROUPS: readonly Column[] = [
  { field: 'logGroup', title: 'Log group' },
  { field: 'received', title: 'Received' },
  { field: 'stored', title: 'Stored' },
  { field: 'parked', title: 'Parked' },
  { field: 'owed', title: 'Owed' },
  { field: 'retries', title: 'Retries' },
  { field: 'lag', title: 'Longest lag', unit: 'ms' },
];

/** What became of the lines that CloudWatch delivered. */
export const SHIPPER = dashboard({
  uid: 'loki-shipper-shipper',
  title: 'Shipper',
  description:
    'What became of the lines that CloudWatch delivered: each is stored, filtered, parked or owed. From the metrics of the shipper, in the region of this host.',
  from: 'now-6h',
  variables: [shipperVariable(NAMESPACE), shipperLogsVariable()],
  rows: {
    Overview: [
      total({
        title: 'Received',
        description: 'Lines that CloudWatch delivered, again counted when Lambda repeats a delivery.',
        unit: 'short',
        width: 6,
        targets: [own('EntriesReceived', FUNCTION_NAME)],
      }),
      total({
        title: 'Stored',
        description: 'Lines that Loki accepted.',
        unit: 'short',
        width: 6,
        targets: [own('EntriesStored', FUNCTION_NAME)],
      }),
      total({
        title: 'Parked',
        description:
          'Lines that Loki refuses, now and later. The bucket keeps them: see by log group below, mend the cause, then `loki-shipper replay`.',
        unit: 'short',
        width: 6,
        targets: [own('EntriesParked', FUNCTION_NAME)],
        steps: NONE,
      }),
      total({
        title: 'Owed',
        description: 'Lines of invocations that failed. Lambda repeats them twice, then the bucket keeps them whole.',
        unit: 'short',
        width: 6,
        targets: [own('EntriesOwed', FUNCTION_NAME)],
        steps: NONE,
      }),
    ],
    Lines: [
      timeSeries({
        title: 'Received and stored',
        description: 'Two lines that lie on each other: all is well. Filtered are the lines of the shipper itself.',
        unit: 'short',
        width: 12,
        targets: [
          own('EntriesReceived', `received ${FUNCTION_NAME}`),
          own('EntriesStored', `stored ${FUNCTION_NAME}`),
          own('EntriesFiltered', `filtered ${FUNCTION_NAME}`),
        ],
      }),
      stackedBars({
        title: 'Parked and owed',
        description: 'Parked: Loki refuses the lines. Owed: Loki or AWS could not be reached, or time ran out.',
        unit: 'short',
        width: 12,
        targets: [own('EntriesParked', `parked ${FUNCTION_NAME}`), own('EntriesOwed', `owed ${FUNCTION_NAME}`)],
        steps: NONE,
      }),
      timeSeries({
        title: 'Lag',
        description:
          'From the newest and the oldest line of a delivery to its end, nine of ten deliveries. High and all else normal: CloudWatch Logs is late, or somebody writes old lines.',
        unit: 'ms',
        width: 12,
        targets: [
          own('LagNewest', `newest line ${FUNCTION_NAME}`, 'p90'),
          own('LagOldest', `oldest line ${FUNCTION_NAME}`, 'p90'),
        ],
      }),
      stackedBars({
        title: 'Pushes and retries',
        description:
          'Requests to Loki, and how many of them repeat one that failed. Retries say that Loki is slow, full or away.',
        unit: 'short',
        width: 12,
        targets: [own('Pushes', `pushes ${FUNCTION_NAME}`), own('PushRetries', `retries ${FUNCTION_NAME}`)],
      }),
      timeSeries({
        title: 'Errors and throttles',
        description:
          'Invocations of the shipper that failed, and those that found no free concurrency. Its log says why.',
        unit: 'short',
        width: 12,
        targets: [lambda('Errors', `errors ${FUNCTION_NAME}`), lambda('Throttles', `throttles ${FUNCTION_NAME}`)],
        steps: NONE,
      }),
      timeSeries({
        title: 'Age of the oldest delivery',
        description: 'How long deliveries wait for a retry or for concurrency. After six hours the bucket keeps them.',
        unit: 'ms',
        width: 12,
        targets: [lambda('AsyncEventAge', FUNCTION_NAME, 'Maximum')],
      }),
    ],
    'By log group': [
      table(
        {
          title: 'Log groups',
          description:
            'What became of the lines of each log group. CloudWatch Logs Insights reads the shipper’s log for it, and AWS charges by the GB: choose a short time range.',
          unit: 'short',
          width: 24,
          targets: [
            insights(
              '$shipper_logs',
              `${RECORDS} | stats sum(EntriesReceived) as received, sum(EntriesStored) as stored, sum(EntriesParked) as parked, sum(EntriesOwed) as owed, sum(PushRetries) as retries, max(LagNewest) as lag by logGroup | sort parked desc | limit 100`,
            ),
          ],
        },
        GROUPS,
      ),
      table(
        {
          title: 'Parked and owed deliveries',
          description:
            'The newest deliveries with lines that are not in Loki. `parked` in the record names Loki’s reasons.',
          unit: 'short',
          width: 24,
          targets: [
            insights(
              '$shipper_logs',
              `fields @timestamp, logGroup, EntriesParked, EntriesOwed, @message | ${RECORDS} | filter EntriesParked > 0 or EntriesOwed > 0 | sort @timestamp desc | limit 50`,
            ),
          ],
        },
        [
          { field: '@timestamp', title: 'Time', unit: 'dateTimeAsIso' },
          { field: 'logGroup', title: 'Log group' },
          { field: 'EntriesParked', title: 'Parked' },
          { field: 'EntriesOwed', title: 'Owed' },
          { field: '@message', title: 'Record' },
        ],
      ),
    ],
  },
});
