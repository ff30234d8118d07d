import { LokiShipperError } from '../../function/errors.ts';
import { numberText } from '../number-text.ts';
import type { Status } from '../status/read.ts';
import { type Finding, ok, skipped, warning } from './finding.ts';
import type { DoctorProps } from './props.ts';

/** CloudWatch tries for a day to deliver lines, and then drops them: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Subscriptions.html */
const TOO_SHORT_DAYS = 1;

/** Of very many log groups, that many are looked at: twenty calls. */
const MOST = 1_000;

/** Whether log groups keep their lines until it shows that they were not delivered. */
export async function* checkRetention({ groups }: Status, { logGroups, signal }: DoctorProps): AsyncGenerator<Finding> {
  const shipped = groups.filter(({ subscribedBy }) => subscribedBy !== null).map(({ logGroup }) => logGroup);
  if (shipped.length === 0) return;
  const some = shipped.slice(0, MOST);
  try {
    const retentions = await logGroups.retentions(some, signal);
    const short = [...retentions].filter(([, days]) => days !== null && days <= TOO_SHORT_DAYS).map(([name]) => name);
    const looked = some.length < shipped.length ? `The first ${numberText(some.length)} log groups` : 'All log groups';
    if (short.length === 0) yield ok('retention', `${looked} that are shipped keep their lines for longer than a day.`);
    else
      yield warning(
        'retention',
        short.length === 1
          ? `Log group ${short[0]} keeps its lines for a day only.`
          : `${numberText(short.length)} log groups keep their lines for a day only, ${short[0]} for example.`,
        'Set a retention of some days: CloudWatch tries for a day to deliver, and what it gives up then could still be shipped by loki-shipper backfill.',
      );
  } catch (error) {
    if (signal.aborted || !(error instanceof LokiShipperError)) throw error;
    yield skipped('retention', error.message);
  }
}
