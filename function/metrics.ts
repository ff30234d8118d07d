import type { Ledger } from './ledger.ts';

export interface RecordProps {
  readonly functionName: string;
  readonly requestId: string;
  readonly logGroup: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const NAMESPACE = 'loki-shipper';

/**
 * One line of CloudWatch's embedded metric format for an invocation. The metrics have one dimension, because each
 * combination of values is billed; the log group and the reasons are fields, which Logs Insights can read. Metrics that
 * are 0 are left out, so that what never happens costs nothing.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricRecord(ledger: Ledger, { functionName, requestId, logGroup, now }: RecordProps): string {
  const metrics: Metric[] = [
    ['EntriesReceived', 'Count', ledger.received],
    ['EntriesStored', 'Count', ledger.stored],
    ['Pushes', 'Count', ledger.pushes],
    ...[
      count('EntriesFiltered', ledger.filtered),
      count('EntriesParked', ledger.parkedInAll),
      count('EntriesOwed', ledger.owed),
      count('PartsAdded', ledger.partsAdded),
      count('LinesSplit', ledger.split),
      count('LinesCut', ledger.cut),
      count('TimesClamped', ledger.clamped),
      count('LabelValuesCut', ledger.labelValuesCut),
      count('LabelsLeftOut', ledger.labelsLeftOut),
      count('MetadataLeftOut', ledger.metadataLeftOut),
      count('MetadataDropped', ledger.metadataDropped),
      count('TagLookupsFailed', ledger.tagLookupsFailed),
      count('CatalogueReadsFailed', ledger.catalogueReadsFailed),
      count('CatalogueIgnored', ledger.cataloguesIgnored),
      count('PushRetries', ledger.retries),
      ['PushBytes', 'Bytes', ledger.bytes] as const,
      ['LokiTime', 'Milliseconds', Math.round(ledger.lokiMs)] as const,
      ['LagNewest', 'Milliseconds', lag(ledger.newest, now)] as const,
      ['LagOldest', 'Milliseconds', lag(ledger.oldest, now)] as const,
    ].filter(([, , value]) => value !== 0),
  ];
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: NAMESPACE,
          Dimensions: [['FunctionName']],
          Metrics: metrics.map(([Name, Unit]) => ({ Name, Unit })),
        },
      ],
    },
    FunctionName: functionName,
    requestId,
    logGroup,
    ...Object.fromEntries(metrics.map(([name, , value]) => [name, value])),
    ...(ledger.parked.size > 0 && { parked: Object.fromEntries(ledger.parked) }),
    ...(ledger.catalogueProblem && { catalogueProblem: ledger.catalogueProblem }),
  });
}

type Metric = readonly [name: string, unit: 'Count' | 'Bytes' | 'Milliseconds', value: number];

function count(name: string, value: number): Metric {
  return [name, 'Count', value];
}

/** An event of the future, by its writer's clock, has none. */
function lag(timestamp: number, now: number): number {
  return Number.isFinite(timestamp) ? Math.max(0, now - timestamp) : 0;
}
