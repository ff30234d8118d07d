import { expect } from 'chai';
import { type LastHour, logMetrics } from '../../../cli/aws/log-metrics.ts';
import { failure } from '../../function/failure.ts';
import { FakeApi } from './fake-api.ts';

const TO = Date.parse('2026-11-23T12:00:00Z');
const MINUTE = 60_000;

interface Query {
  readonly Id: string;
  readonly MetricStat: {
    readonly Metric: { readonly MetricName: string; readonly Dimensions: readonly { Name: string; Value: string }[] };
  };
}

describe('The metrics of log groups', function () {
  this.timeout(20_000);
  let api: FakeApi;
  beforeEach(async () => {
    api = await FakeApi.start();
  });
  afterEach(() => api.stop());

  const read = async (...logGroups: readonly string[]) => {
    const all = new Map<string, LastHour>();
    const query = { logGroups, filter: 'logs', to: TO };
    for await (const some of logMetrics({ region: 'eu-central-1' })(query, new AbortController().signal))
      for (const [logGroup, figures] of some) all.set(logGroup, figures);
    return all;
  };
  const forwardedTo = (type: string) => ({
    Metrics: [
      {
        MetricName: 'ForwardedLogEvents',
        Dimensions: [
          { Name: 'LogGroupName', Value: '/a' },
          { Name: 'DestinationType', Value: type },
          { Name: 'FilterName', Value: 'logs' },
        ],
      },
    ],
  });
  /** Answers as CloudWatch does, from the figures of each metric of each log group, the newest first. */
  const account = (figures: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>) => {
    api.answer = (target, input) => {
      if (target.endsWith('.ListMetrics')) return { body: forwardedTo('Lambda') };
      const { MetricDataQueries } = input as { readonly MetricDataQueries: readonly Query[] };
      const MetricDataResults = MetricDataQueries.map(({ Id, MetricStat: { Metric } }) => {
        const values = figures[Metric.Dimensions[0]?.Value ?? '']?.[Metric.MetricName] ?? [];
        return { Id, Timestamps: values.map((_, i) => (TO - (i + 1) * MINUTE) / 1000), Values: values };
      });
      return { body: { MetricDataResults } };
    };
  };

  const asked = (call: number) =>
    Object(api.seen[call]?.input) as {
      readonly MetricDataQueries: readonly Query[];
      readonly StartTime: number;
      readonly EndTime: number;
    };

  it('are sums of an hour, and the last minute in which lines were forwarded', async () => {
    account({
      '/a': {
        IncomingLogEvents: [1, 2],
        IncomingBytes: [100, 250],
        ForwardedLogEvents: [0, 2, 5],
        DeliveryErrors: [3],
      },
    });
    expect(Object.fromEntries(await read('/a', '/b'))).to.deep.equal({
      '/a': { lines: 3, bytes: 350, forwarded: 7, deliveryErrors: 3, lastForwardedAt: TO - 2 * MINUTE },
      '/b': { lines: 0, bytes: 0, forwarded: 0, deliveryErrors: 0, lastForwardedAt: null },
    });
  });

  it('are read of the destination that CloudWatch names, for at most 500 queries a call', async () => {
    account({});
    const names = Array.from({ length: 300 }, (_, i) => `/a/${i}`);
    expect([...(await read(...names)).keys()]).to.deep.equal(names);
    expect(api.seen.map(({ target }) => target.split('.')[1])).to.deep.equal([
      'ListMetrics',
      'GetMetricData',
      'GetMetricData',
      'GetMetricData',
    ]);
    const { MetricDataQueries, StartTime, EndTime } = asked(1);
    expect(EndTime - StartTime).to.equal(3600);
    expect(MetricDataQueries).to.have.length(500);
    expect(MetricDataQueries[3]?.MetricStat).to.deep.equal({
      Metric: {
        Namespace: 'AWS/Logs',
        MetricName: 'DeliveryErrors',
        Dimensions: [
          { Name: 'LogGroupName', Value: '/a/0' },
          { Name: 'DestinationType', Value: 'Lambda' },
          { Name: 'FilterName', Value: 'logs' },
        ],
      },
      Period: 60,
      Stat: 'Sum',
    });
  });

  it('are half as many where nothing was ever forwarded', async () => {
    api.answer = { body: {} };
    expect((await read('/a')).get('/a')).to.include({ lines: 0, forwarded: 0, lastForwardedAt: null });
    expect(asked(1).MetricDataQueries).to.have.length(2);
  });

  it('come in pages', async () => {
    api.answer = (target, input) => {
      if (target.endsWith('.ListMetrics')) return { body: {} };
      const [time] = [(TO - MINUTE) / 1000];
      const { NextToken } = input as { readonly NextToken?: string };
      const MetricDataResults = [{ Id: 'g0_lines', Timestamps: [NextToken ? time : time - 60], Values: [4] }];
      return { body: { MetricDataResults, ...(!NextToken && { NextToken: 'more' }) } };
    };
    expect((await read('/a')).get('/a')).to.include({ lines: 8 });
  });

  it('cannot be read without the permission, which is named', async () => {
    api.answer = (target) => (target.endsWith('.ListMetrics') ? { body: {} } : { error: 'AccessDeniedException' });
    expect((await failure(read('/a'))).message).to.equal(
      'cloudwatch:GetMetricData failed with AccessDeniedException for the metrics of log groups: you need cloudwatch:GetMetricData for it.',
    );
  });
});
