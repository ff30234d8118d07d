import { type CountColumn, countTable } from '../count-table.ts';
import { numberText } from '../number-text.ts';
import type { Paint } from '../paint.ts';
import type { Checkpoint } from './checkpoint.ts';
import { parkedInAll } from './counts.ts';
import { timeText } from './refusals.ts';

/** How a backfill ended. */
export interface Ending {
  readonly dryRun: boolean;
  readonly interrupted: boolean;
  /** Why it ended before it was through, in one sentence. */
  readonly error: string | null;
}

/** The end of a backfill, for people. */
export function reportText({ position, counts }: Checkpoint, ending: Ending, paint: Paint): string {
  const { lines, partsAdded, stored, parked, bytes } = counts;
  const columns: CountColumn[] = [['Lines', lines]];
  if (ending.dryRun) columns.push(['Bytes', bytes]);
  else columns.push(['Stored', stored, 'green'], ['Parked', parkedInAll(counts), 'red']);
  const blocks = [countTable(columns, paint)];
  if (partsAdded > 0)
    blocks.push(`Lines that are too long for Loki were split, so there are ${numberText(partsAdded)} more of them.`);
  const reasons = Object.entries(parked).map(([reason, lines]) => `  ${reason}: ${numberText(lines)}`);
  if (reasons.length > 0)
    blocks.push(['Refused by Loki, and kept in the bucket for loki-shipper replay:', ...reasons].join('\n'));
  if (ending.dryRun) blocks.push('Nothing was shipped, because of --dry-run.');
  else if (ending.interrupted || ending.error)
    blocks.push(`All lines before ${timeText(position)} are done, and the same command goes on from there.`);
  return `${blocks.join('\n\n')}\n`;
}

/** The same in one line of JSON. */
export function reportJson(checkpoint: Checkpoint, ending: Ending): string {
  const { asked, from, to, position, filterPattern, counts } = checkpoint;
  const iso = (time: number) => new Date(time).toISOString();
  const range = { logGroup: asked.logGroup, from: iso(from), to: iso(to), filterPattern, done: iso(position) };
  return `${JSON.stringify({ ...range, ...counts, ...ending })}\n`;
}
