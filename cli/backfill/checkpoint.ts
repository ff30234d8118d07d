import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nameOf } from '../../function/aws/aws-error.ts';
import { LokiShipperError } from '../../function/errors.ts';
import { isObject, isTextRecord } from '../../function/json.ts';
import { type Counts, isCounts, NOTHING } from './counts.ts';

/** What was asked for, as it was written: the same command continues a backfill, also with `--from 3d`. */
export interface Asked {
  /** ARN of the shipper. */
  readonly shipper: string;
  readonly logGroup: string;
  readonly from: string;
  readonly to: string;
  /** Empty when none was asked for. */
  readonly filterPattern: string;
}

/** Which lines it is about, as it was when the backfill began. */
export interface Range {
  /** Milliseconds since 1970: from this time on, and before that one. */
  readonly from: number;
  readonly to: number;
  readonly filterPattern: string;
}

export interface Checkpoint extends Range {
  readonly asked: Asked;
  /** Milliseconds since 1970: all lines before it are stored or parked. */
  readonly position: number;
  /** What became of these. */
  readonly counts: Counts;
}

/** A file is no checkpoint, or that of another backfill. */
export class ForeignCheckpoint extends LokiShipperError {
  override readonly name = 'ForeignCheckpoint';
  /** @param what it is instead */
  constructor(file: string, what: string) {
    super(`The checkpoint ${file} is ${what}: name another file, or remove it to begin anew.`);
  }
}

/** The file of a checkpoint could not be read or written. */
export class CheckpointFailed extends LokiShipperError {
  override readonly name = 'CheckpointFailed';
  /** @param reason of Node, for example EACCES */
  constructor(file: string, reason: string) {
    super(`The checkpoint ${file} cannot be read or written (${reason}): name another file with --checkpoint.`);
  }
}

const VERSION = 1;

/** The file of a backfill that names none: each command has its own. */
export function checkpointFile(stateFolder: string, asked: Asked): string {
  const name = createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 24);
  return join(stateFolder, 'backfill', `${name}.json`);
}

export function newCheckpoint(asked: Asked, range: Range): Checkpoint {
  return { asked, ...range, position: range.from, counts: NOTHING };
}

/**
 * @returns undefined when there is no such file
 * @throws ForeignCheckpoint, CheckpointFailed
 */
export function readCheckpoint(file: string, asked: Asked): Checkpoint | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (nameOf(error) === 'ENOENT') return undefined;
    throw new CheckpointFailed(file, nameOf(error));
  }
  const known = parse(text);
  if (!isCheckpoint(known)) throw new ForeignCheckpoint(file, 'none of this version of loki-shipper');
  const keys = Object.keys(asked) as (keyof Asked)[];
  if (keys.some((key) => known.asked[key] !== asked[key])) {
    const { logGroup, from, to } = known.asked;
    throw new ForeignCheckpoint(file, `that of another backfill (${logGroup} --from ${from} --to ${to})`);
  }
  return known;
}

/** Writes it beside, and then in place of the one before: a kill leaves one of both. @throws CheckpointFailed */
export function writeCheckpoint(file: string, checkpoint: Checkpoint): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, `${JSON.stringify({ version: VERSION, ...checkpoint })}\n`);
    renameSync(`${file}.new`, file);
  } catch (error) {
    throw new CheckpointFailed(file, nameOf(error));
  }
}

export function removeCheckpoint(file: string): void {
  rmSync(file, { force: true });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isCheckpoint(value: unknown): value is Checkpoint {
  return (
    isObject(value) &&
    value.version === VERSION &&
    isTextRecord(value.asked) &&
    ['from', 'to', 'position'].every((name) => typeof value[name] === 'number') &&
    typeof value.filterPattern === 'string' &&
    isCounts(value.counts)
  );
}
