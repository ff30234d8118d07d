/** What MiniStack 1.5 keeps of an alarm but leaves out when it describes it. */
const TEXTS = [
  'AlarmDescription',
  'ActionsEnabled',
  'Statistic',
  'ExtendedStatistic',
  'Period',
  'Unit',
  'TreatMissingData',
  'EvaluateLowSampleCountPercentile',
];
const LISTS = ['OKActions', 'AlarmActions', 'InsufficientDataActions'];

/**
 * Completes what MiniStack says about CloudWatch alarms: its answer to DescribeAlarms has only some of their fields, so
 * that a second plan would change all the others. They are added here as they were put.
 */
export class Alarms {
  readonly #put = new Map<string, URLSearchParams>();

  /** Remembers the body of a PutMetricAlarm. */
  put(body: Buffer): void {
    const alarm = new URLSearchParams(body.toString());
    this.#put.set(alarm.get('AlarmName') ?? '', alarm);
  }

  /** The answer to a DescribeAlarms, with all fields of the alarms that are in it. */
  complete(answer: Buffer): Buffer {
    const xml = answer.toString().replace(/<member><AlarmName>([^<]*)<\/AlarmName>/g, (start, name: string) => {
      const alarm = this.#put.get(name);
      return alarm ? start + missing(alarm) : start;
    });
    return Buffer.from(xml);
  }
}

function missing(alarm: URLSearchParams): string {
  const texts = TEXTS.flatMap((name) => {
    const text = alarm.get(name);
    return text === null ? [] : [element(name, escaped(text))];
  });
  const lists = LISTS.map((name) =>
    element(
      name,
      members(alarm, name, (at) => escaped(alarm.get(at) ?? '')),
    ),
  );
  const dimensions = members(alarm, 'Dimensions', (at) =>
    ['Name', 'Value'].map((name) => element(name, escaped(alarm.get(`${at}.${name}`) ?? ''))).join(''),
  );
  return [...texts, ...lists, element('Dimensions', dimensions)].join('');
}

/** The items of a list, which are put as `<name>.member.1` and so on. @param content of an item, by the key of its start */
function members(alarm: URLSearchParams, name: string, content: (at: string) => string): string {
  const keys = [...alarm.keys()].map((key) => new RegExp(`^${name}\\.member\\.\\d+`).exec(key)?.[0] ?? '');
  return [...new Set(keys)]
    .filter((key) => key !== '')
    .map((key) => element('member', content(key)))
    .join('');
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
