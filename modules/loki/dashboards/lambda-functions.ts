import { dashboard } from './dashboard.ts';
import { ERRORS } from './log-explorer.ts';
import { logs, stackedBars, stat, table, timeSeries } from './panels.ts';
import { instant, lines, range } from './targets.ts';
import { above, NONE } from './thresholds.ts';
import { STREAMS, streamVariables } from './variables.ts';

/**
 * What Lambda writes of each invocation, in the two formats of its logs: `REPORT RequestId: …\tDuration: 3.21 ms\t…`,
 * and JSON of the type `platform.report`.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
 */
const REPORTS = `${STREAMS} |~ \`^REPORT RequestId: |"type": ?"platform\\.report"\``;

/** What a field of a report is called in text and in JSON. The tab tells `Duration` from `Billed Duration`. */
const FIELDS = {
  duration: ['\\tDuration: ', 'durationMs'],
  billed: ['\\tBilled Duration: ', 'billedDurationMs'],
  memory_size: ['\\tMemory Size: ', 'memorySizeMB'],
  memory_used: ['\\tMax Memory Used: ', 'maxMemoryUsedMB'],
  init: ['\\tInit Duration: ', 'initDurationMs'],
} as const;

/** The values of a field of the reports that have it. */
function valuesOf(field: keyof typeof FIELDS): string {
  const [text, json] = FIELDS[field];
  return `${REPORTS} | regexp \`(?:${text}|"${json}": ?)(?P<${field}>[0-9.]+)\` | unwrap ${field} | __error__=""`;
}

const COLD_STARTS = `${REPORTS} |~ \`\\tInit Duration: |"initDurationMs":\``;

/** Reports of invocations that Lambda ended, or whose process did: a handler that throws is a line of its own. */
const FAILED = `${REPORTS} |~ \`\\tStatus: (timeout|error|failure)|"status": ?"(timeout|error|failure)"\``;

const TIMED_OUT = `${REPORTS} |~ \`\\tStatus: timeout|"status": ?"timeout"\``;

/** Reports did not always have a status: functions without one are counted by the line before. */
const SAID_TO_TIME_OUT = `${STREAMS} |~ \`Task timed out after [0-9.]+ seconds\``;

const byFunction = (what: string, window: string) => `sum by (service_name) (count_over_time(${what} [${window}]))`;
const timeouts = (window: string) => `${byFunction(TIMED_OUT, window)} or ${byFunction(SAID_TO_TIME_OUT, window)}`;
const NAME = '{{service_name}}';

/** How functions run, from the reports that Lambda writes into their logs. */
export const LAMBDA_FUNCTIONS = dashboard({
  uid: 'loki-shipper-functions',
  title: 'Lambda functions',
  description:
    'Invocations, duration, memory, cold starts and timeouts, from the report that Lambda writes of each invocation.',
  from: 'now-6h',
  variables: streamVariables(),
  rows: {
    Overview: [
      stat({
        title: 'Invocations in all',
        description: 'Reports in the time range.',
        unit: 'short',
        width: 6,
        targets: [instant(`sum(count_over_time(${REPORTS} [$__range]))`)],
      }),
      stat({
        title: 'Share of failures',
        description: 'Invocations that timed out or whose process ended, of all.',
        unit: 'percentunit',
        width: 6,
        targets: [instant(`sum(count_over_time(${FAILED} [$__range])) / sum(count_over_time(${REPORTS} [$__range]))`)],
        steps: above(0.001, 0.01),
      }).noValue('0 %'),
      stat({
        title: 'Share of cold starts',
        description: 'Invocations that waited for a new container, of all.',
        unit: 'percentunit',
        width: 6,
        targets: [
          instant(`sum(count_over_time(${COLD_STARTS} [$__range])) / sum(count_over_time(${REPORTS} [$__range]))`),
        ],
        steps: above(0.05, 0.2),
      }).noValue('0 %'),
      stat({
        title: 'Duration, p95',
        description: 'Of all functions that are chosen: 19 of 20 invocations were quicker.',
        unit: 'ms',
        width: 6,
        targets: [instant(`quantile_over_time(0.95, ${valuesOf('duration')} [$__range]) by ()`)],
      }),
    ],
    Invocations: [
      stackedBars({
        title: 'Invocations',
        description: 'By function.',
        unit: 'short',
        width: 8,
        targets: [range(byFunction(REPORTS, '$__auto'), NAME)],
      }),
      stackedBars({
        title: 'Cold starts',
        description: 'Reports with an init duration. Many at once: a deployment, or a burst.',
        unit: 'short',
        width: 8,
        targets: [range(byFunction(COLD_STARTS, '$__auto'), NAME)],
      }),
      stackedBars({
        title: 'Timeouts',
        description:
          'Invocations that Lambda ended because their time was over: a slow dependency, or a timeout that is too short.',
        unit: 'short',
        width: 8,
        targets: [range(timeouts('$__auto'), NAME)],
        steps: NONE,
      }),
    ],
    'Duration and memory': [
      timeSeries({
        title: 'Duration',
        description: 'p50 and p95 by function, from its own reports.',
        unit: 'ms',
        width: 12,
        targets: [
          range(`quantile_over_time(0.5, ${valuesOf('duration')} [$__auto]) by (service_name)`, `${NAME} p50`),
          range(`quantile_over_time(0.95, ${valuesOf('duration')} [$__auto]) by (service_name)`, `${NAME} p95`),
        ],
      }),
      timeSeries({
        title: 'Init duration, p95',
        description: 'How long a cold start takes before the handler is called.',
        unit: 'ms',
        width: 12,
        targets: [range(`quantile_over_time(0.95, ${valuesOf('init')} [$__auto]) by (service_name)`, NAME)],
      }),
      timeSeries({
        title: 'Memory used of its size',
        description:
          'The most that an invocation used, of what the function has. Near 100 % it is killed; below a third it may have too much, but CPU comes with memory.',
        unit: 'percentunit',
        width: 12,
        targets: [
          range(
            `max_over_time(${valuesOf('memory_used')} [$__auto]) by (service_name) / max_over_time(${valuesOf('memory_size')} [$__auto]) by (service_name)`,
            NAME,
          ),
        ],
        steps: above(0.8, 0.95),
      }),
      timeSeries({
        title: 'Billed GB-seconds',
        description: 'Billed duration times memory size, summed up: what Lambda charges for, besides each request.',
        unit: 'short',
        width: 12,
        targets: [
          range(
            `sum by (service_name) (sum_over_time(${valuesOf('billed')} [$__auto])) / 1000 * max_over_time(${valuesOf('memory_size')} [$__auto]) by (service_name) / 1024`,
            NAME,
          ),
        ],
      }),
    ],
    'Which functions': [
      table(
        {
          title: 'Slowest',
          description: 'The twenty with the longest p95 of the time range.',
          unit: 'ms',
          width: 12,
          targets: [
            instant(`topk(20, quantile_over_time(0.95, ${valuesOf('duration')} [$__range]) by (service_name))`),
            instant(`max_over_time(${valuesOf('duration')} [$__range]) by (service_name)`),
            instant(`max_over_time(${valuesOf('memory_used')} [$__range]) by (service_name)`),
          ],
        },
        [
          { field: 'service_name', title: 'Function' },
          { field: 'Value #A', title: 'p95' },
          { field: 'Value #B', title: 'Longest' },
          { field: 'Value #C', title: 'Memory used', unit: 'mbytes' },
        ],
      ),
      table(
        {
          title: 'Most failing',
          description:
            'Failed invocations (timeouts and processes that ended) and error lines, which include what handlers threw.',
          unit: 'short',
          width: 12,
          targets: [
            instant(`topk(20, ${byFunction(FAILED, '$__range')})`),
            instant(`topk(20, ${byFunction(`${STREAMS} ${ERRORS}`, '$__range')})`),
            instant(byFunction(REPORTS, '$__range')),
          ],
          steps: NONE,
        },
        [
          { field: 'service_name', title: 'Function' },
          { field: 'Value #A', title: 'Failed' },
          { field: 'Value #B', title: 'Error lines' },
          { field: 'Value #C', title: 'Invocations' },
        ],
      ),
      logs({
        title: 'Reports of failed invocations',
        description: 'Search for the request id in the Log explorer to see what came before.',
        width: 24,
        targets: [lines(FAILED)],
      }),
    ],
  },
});
