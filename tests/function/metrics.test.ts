import { expect } from 'chai';
import { Ledger } from '../../function/ledger.ts';
import { metricRecord } from '../../function/metrics.ts';

const PROPS = { functionName: 'loki-shipper-shipper', requestId: 'r', logGroup: '/aws/lambda/fun', now: 10_000 };

function record(changes: Partial<Ledger> = {}, parked: Readonly<Record<string, number>> = {}) {
  const ledger = Object.assign(new Ledger(), changes);
  for (const [reason, lines] of Object.entries(parked)) ledger.park(reason, lines);
  return JSON.parse(metricRecord(ledger, PROPS));
}

describe('The record of an invocation', () => {
  it('is one line of the embedded metric format, with the function as its only dimension', () => {
    const ledger = new Ledger();
    ledger.receive([{ timestamp: 9_000 }, { timestamp: 4_000 }]);
    Object.assign(ledger, { stored: 2, pushes: 1, bytes: 99, lokiMs: 3.4 });
    const line = metricRecord(ledger, PROPS);
    expect(line).not.to.include('\n');
    expect(JSON.parse(line)).to.deep.equal({
      _aws: {
        Timestamp: 10_000,
        CloudWatchMetrics: [
          {
            Namespace: 'loki-shipper',
            Dimensions: [['FunctionName']],
            Metrics: [
              { Name: 'EntriesReceived', Unit: 'Count' },
              { Name: 'EntriesStored', Unit: 'Count' },
              { Name: 'Pushes', Unit: 'Count' },
              { Name: 'PushBytes', Unit: 'Bytes' },
              { Name: 'LokiTime', Unit: 'Milliseconds' },
              { Name: 'LagNewest', Unit: 'Milliseconds' },
              { Name: 'LagOldest', Unit: 'Milliseconds' },
            ],
          },
        ],
      },
      FunctionName: 'loki-shipper-shipper',
      requestId: 'r',
      logGroup: '/aws/lambda/fun',
      EntriesReceived: 2,
      EntriesStored: 2,
      Pushes: 1,
      PushBytes: 99,
      LokiTime: 3,
      LagNewest: 1_000,
      LagOldest: 6_000,
    });
  });

  it('counts what is parked, in all as a metric, by reason as a field', () => {
    const { EntriesParked, parked } = record({}, { line_too_long: 2, too_far_behind: 3 });
    expect(EntriesParked).to.equal(5);
    expect(parked).to.deep.equal({ line_too_long: 2, too_far_behind: 3 });
  });

  it('counts as owed what is nowhere', () => {
    expect(record({ received: 9, partsAdded: 1, stored: 4, filtered: 1 }, { bad_request: 2 }).EntriesOwed).to.equal(3);
    expect(record({ received: 9, stored: 9 })).not.to.have.property('EntriesOwed');
  });

  it('names every metric that it has', () => {
    const all = record({
      received: 1,
      split: 1,
      cut: 1,
      clamped: 1,
      labelValuesCut: 1,
      metadataLeftOut: 1,
      metadataDropped: 1,
      tagLookupsFailed: 1,
      catalogueReadsFailed: 1,
      cataloguesIgnored: 1,
      retries: 1,
    });
    const names = all._aws.CloudWatchMetrics[0].Metrics.map(({ Name }: { Name: string }) => Name);
    for (const name of names) expect(all[name]).to.be.a('number');
    expect(names).to.include.members([
      'LinesSplit',
      'LinesCut',
      'TimesClamped',
      'LabelValuesCut',
      'MetadataLeftOut',
      'MetadataDropped',
      'TagLookupsFailed',
      'CatalogueReadsFailed',
      'CatalogueIgnored',
      'PushRetries',
    ]);
  });

  it('says what is wrong with the catalogue', () => {
    const ledger = new Ledger();
    ledger.missCatalogue(new Error('denied'));
    ledger.ignoreCatalogue(new Error('damaged'));
    expect(record(ledger)).to.include({
      CatalogueReadsFailed: 1,
      CatalogueIgnored: 1,
      catalogueProblem: 'Error: damaged',
    });
    expect(record()).not.to.have.property('catalogueProblem');
  });

  it('has no lag for events of the future', () => {
    expect(record({ newest: 20_000, oldest: 20_000 })).not.to.have.any.keys('LagNewest', 'LagOldest');
  });
});
