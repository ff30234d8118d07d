import { type CountColumn, countTable } from '../count-table.ts';
import { numberText } from '../number-text.ts';
import type { Paint } from '../paint.ts';
import { plainText } from '../text-width.ts';
import type { Tally } from './tally.ts';

/** How a replay ended. */
export interface Ending {
  readonly dryRun: boolean;
  readonly interrupted: boolean;
  /** Why it ended before it was through, in one sentence. */
  readonly error: string | null;
}

const TOO_FAR_BEHIND = `Loki refuses lines that are more than an hour behind the newest line of their stream (too_far_behind).
Set limits_config.shard_streams.time_sharding_enabled: true in Loki's configuration, and replay again.`;

/** The end of a replay, for people. */
export function reportText(tally: Tally, { dryRun, interrupted }: Ending, paint: Paint): string {
  const { objects, lines, stored, refused, refusedInAll, failed } = tally;
  const columns: CountColumn[] = [
    ['Objects', objects],
    ['Lines', lines],
  ];
  if (!dryRun) columns.push(['Stored', stored, 'green'], ['Still refused', refusedInAll, 'red']);
  columns.push(['Not replayed', failed.length, 'red']);
  const blocks = [countTable(columns, paint)];
  const reasons = [...refused].map(([reason, count]) => `  ${reason}: ${numberText(count)}`);
  if (reasons.length > 0) blocks.push(['Still refused, and kept:', ...reasons].join('\n'));
  const errors = failed.map(({ key, error }) => `  ${plainText(key)}\n    ${plainText(error)}`);
  if (errors.length > 0) blocks.push(['Objects that could not be replayed, and are kept:', ...errors].join('\n'));
  if (refused.has('too_far_behind')) blocks.push(TOO_FAR_BEHIND);
  if (dryRun) blocks.push('Nothing was replayed, because of --dry-run.');
  if (interrupted)
    blocks.push('Interrupted: what was under way may still end, and the same command goes on with the rest.');
  return `${blocks.join('\n\n')}\n`;
}

/** The same in one line of JSON. */
export function reportJson(tally: Tally, ending: Ending): string {
  const { objects, lines, stored, refused, bytes, failed } = tally;
  return `${JSON.stringify({ objects, lines, stored, refused: Object.fromEntries(refused), failed, bytes, ...ending })}\n`;
}
