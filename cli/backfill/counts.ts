import { isObject } from '../../function/json.ts';
import type { DeliveryResult } from '../../function/ledger.ts';

/** What became of lines of the history. */
export interface Counts {
  /** Lines that were read. */
  readonly lines: number;
  /** How many more they became, because they were too long. */
  readonly partsAdded: number;
  readonly stored: number;
  /** Reason → lines that Loki refuses; the bucket has them. */
  readonly parked: Readonly<Record<string, number>>;
  /** Bytes of the lines that were read, in UTF-8. */
  readonly bytes: number;
}

export const NOTHING: Counts = { lines: 0, partsAdded: 0, stored: 0, parked: {}, bytes: 0 };

export function plus(a: Counts, b: Counts): Counts {
  const parked = { ...a.parked };
  for (const [reason, lines] of Object.entries(b.parked)) parked[reason] = (parked[reason] ?? 0) + lines;
  return {
    lines: a.lines + b.lines,
    partsAdded: a.partsAdded + b.partsAdded,
    stored: a.stored + b.stored,
    parked,
    bytes: a.bytes + b.bytes,
  };
}

export function parkedInAll({ parked }: Counts): number {
  return Object.values(parked).reduce((sum, lines) => sum + lines, 0);
}

/** Whether it is what the shipper says of a delivery of so many lines. */
export function isResult(answer: unknown, lines: number): answer is DeliveryResult {
  return (
    isObject(answer) &&
    answer.received === lines &&
    ['partsAdded', 'stored', 'filtered'].every((name) => typeof answer[name] === 'number') &&
    isCountsByReason(answer.parked)
  );
}

export function isCounts(value: unknown): value is Counts {
  return (
    isObject(value) &&
    ['lines', 'partsAdded', 'stored', 'bytes'].every((name) => typeof value[name] === 'number') &&
    isCountsByReason(value.parked)
  );
}

function isCountsByReason(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((lines) => typeof lines === 'number');
}
