import { parseArn } from '../../function/aws/arn.ts';
import { loadConfig } from '../../function/config.ts';
import type { LogHistory } from '../aws/log-history.ts';
import { type CommonOptions, placeOf } from '../common-options.ts';
import { partsOf } from '../parts.ts';
import type { Surroundings } from '../surroundings.ts';
import { type Asked, type Checkpoint, checkpointFile, newCheckpoint, readCheckpoint } from './checkpoint.ts';
import { Pace } from './pace.ts';
import { OwnLogGroup, refuseTooOld, warningOfBehind } from './refusals.ts';

/** What is asked for, but for how it is done. */
export interface Request extends CommonOptions {
  readonly from: Time;
  readonly to: Time;
  readonly filterPattern?: string;
  readonly checkpoint?: string;
  readonly dryRun?: boolean;
}

/** A time as it was written, and what that means now, in milliseconds since 1970. */
export interface Time {
  readonly text: string;
  readonly ms: number;
}

/** A backfill that can begin. */
export interface Prepared {
  readonly shipper: { readonly name: string; readonly account: string };
  readonly history: LogHistory;
  /** For reading the history. */
  readonly reading: Pace;
  readonly start: Checkpoint;
  /** Whether the start is where an earlier run ended. */
  readonly continues: boolean;
  /** Of the checkpoint. */
  readonly file: string;
  readonly warning: string | undefined;
}

/** AWS allows an account 25 pages a second in us-east-1, 10 in most regions, and in some, as in eu-central-1, 5. */
const PAGES_MS = 250;
/** Throttled, it waits for minutes: other readers may be done by then. */
const READ_ATTEMPTS = 15;

/**
 * Looks at the shipper, the log group and the checkpoint, and refuses what would come to nothing.
 * @throws CallFailed, InvalidConfig, OwnLogGroup, TooOld, ForeignCheckpoint, CheckpointFailed
 */
export async function prepare(logGroup: string, request: Request, surroundings: Surroundings): Promise<Prepared> {
  const { settings, signal, now } = surroundings;
  const name = partsOf(request.name).shipper;
  const history = surroundings.history(placeOf(request));
  const reading = new Pace({ ...surroundings, leastMs: PAGES_MS, attempts: READ_ATTEMPTS });

  const { arn, environment } = await settings(placeOf(request))(name, signal);
  const { rules, ownLogGroups } = loadConfig(environment);
  if (ownLogGroups.has(logGroup)) throw new OwnLogGroup(logGroup);
  const filters = await reading.call(() => history.filters(logGroup, signal));
  const live = filters.find(({ destinationArn }) => destinationArn === arn);

  const asked = askedFor(logGroup, arn, request);
  const file = request.checkpoint ?? checkpointFile(surroundings.stateFolder, asked);
  const known = request.dryRun ? undefined : readCheckpoint(file, asked);
  const filterPattern = request.filterPattern ?? live?.filterPattern ?? '';
  const start = known ?? newCheckpoint(asked, { from: request.from.ms, to: request.to.ms, filterPattern });
  refuseTooOld(start.position, rules, now());
  return {
    shipper: { name, account: parseArn(arn).account },
    history,
    reading,
    start,
    continues: known !== undefined,
    file,
    warning: warningOfBehind(logGroup, start.position, live !== undefined, now()),
  };
}

function askedFor(logGroup: string, shipper: string, { from, to, filterPattern = '' }: Request): Asked {
  return { shipper, logGroup, from: from.text, to: to.text, filterPattern };
}
