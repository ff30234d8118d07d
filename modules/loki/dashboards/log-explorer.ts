import { dashboard } from './dashboard.ts';
import { logs, ranking, stackedBars, stat, timeSeries } from './panels.ts';
import { instant, lines, range } from './targets.ts';
import { above } from './thresholds.ts';
import { levelVariable, STREAMS, searchVariable, streamVariables } from './variables.ts';

/** Levels, as Loki detects them, that say that something went wrong. */
export const ERRORS = '| detected_level=~"error|critical|fatal"';

const SHOWN = `${STREAMS} | detected_level=~"$level" |~ "(?i)$search"`;

/** Where a search for lines begins. */
export const LOG_EXPLORER = dashboard({
  uid: 'loki-shipper-logs',
  title: 'Log explorer',
  description:
    'Lines by owner, system under test, language and function: how many, how bad, from whom, and what they say.',
  from: 'now-1h',
  variables: [...streamVariables(), levelVariable(), searchVariable()],
  rows: {
    Overview: [
      stat({
        title: 'Number of lines',
        description: 'All lines of the time range that the choices above select.',
        unit: 'short',
        width: 6,
        targets: [instant(`sum(count_over_time(${STREAMS} [$__range]))`)],
      }),
      stat({
        title: 'Bytes',
        description: 'How much text these lines are, before Loki compresses it.',
        unit: 'decbytes',
        width: 6,
        targets: [instant(`sum(bytes_over_time(${STREAMS} [$__range]))`)],
      }),
      stat({
        title: 'Functions',
        description: 'How many functions wrote lines.',
        unit: 'short',
        width: 6,
        targets: [instant(`count(sum by (service_name) (count_over_time(${STREAMS} [$__range])))`)],
      }),
      stat({
        title: 'Error rate',
        description: 'Lines of level error, critical or fatal, of all lines. Empty when there are none.',
        unit: 'percentunit',
        width: 6,
        targets: [
          instant(
            `sum(count_over_time(${STREAMS} ${ERRORS} [$__range])) / sum(count_over_time(${STREAMS} [$__range]))`,
          ),
        ],
        steps: above(0.01, 0.05),
      }).noValue('0 %'),
      stackedBars({
        title: 'Lines by level',
        description: 'The level is what Loki finds in the line. A column that turns red is where to look.',
        unit: 'short',
        width: 16,
        targets: [range(`sum by (detected_level) (count_over_time(${STREAMS} [$__auto]))`, '{{detected_level}}')],
      })
        .overrideByRegexp('/^(error|critical|fatal)$/', color('red'))
        .overrideByName('warn', color('orange'))
        .overrideByName('info', color('green'))
        .overrideByRegexp('/^(debug|trace)$/', color('blue'))
        .overrideByName('unknown', color('text')),
      timeSeries({
        title: 'Error rate by function',
        description: 'Of the ten functions with the highest: error lines, of all lines.',
        unit: 'percentunit',
        width: 8,
        targets: [
          range(
            `topk(10, sum by (service_name) (count_over_time(${STREAMS} ${ERRORS} [$__auto])) / sum by (service_name) (count_over_time(${STREAMS} [$__auto])))`,
            '{{service_name}}',
          ),
        ],
        steps: above(0.01, 0.05),
      }),
    ],
    'Top talkers': [
      ranking({
        title: 'By bytes',
        description: 'Who fills the disk. A debug level that was left on is seen here first.',
        unit: 'decbytes',
        width: 12,
        targets: [
          instant(`topk(10, sum by (service_name) (bytes_over_time(${STREAMS} [$__range])))`, '{{service_name}}'),
        ],
      }),
      ranking({
        title: 'By lines',
        description: 'Who writes most often.',
        unit: 'short',
        width: 12,
        targets: [
          instant(`topk(10, sum by (service_name) (count_over_time(${STREAMS} [$__range])))`, '{{service_name}}'),
        ],
      }),
    ],
    Lines: [
      logs({
        title: 'Lines',
        description: 'The newest lines that the choices above select, levels and text too. Open one to see its labels.',
        width: 24,
        targets: [lines(SHOWN)],
      }),
    ],
  },
});

function color(fixedColor: string) {
  return [{ id: 'color', value: { mode: 'fixed', fixedColor } }];
}
