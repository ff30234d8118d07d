import { numberText } from '../number-text.ts';
import type { Paint, Style } from '../paint.ts';
import { type Column, tableText } from '../table.ts';
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
  const { refused, failed } = tally;
  const blocks = [tableText([...SELECTED, ...(dryRun ? [] : REPLAYED), NOT_REPLAYED], [tally], { paint }).trimEnd()];
  const reasons = [...refused].map(([reason, count]) => `  ${reason}: ${numberText(count)}`);
  if (reasons.length > 0) blocks.push(['Still refused, and kept:', ...reasons].join('\n'));
  const errors = failed.map(({ key, error }) => `  ${key}\n    ${error}`);
  if (errors.length > 0) blocks.push(['Objects that could not be replayed, and are kept:', ...errors].join('\n'));
  if (refused.has('too_far_behind')) blocks.push(TOO_FAR_BEHIND);
  if (dryRun) blocks.push('Nothing was replayed, because of --dry-run.');
  if (interrupted)
    blocks.push('Interrupted: what was under way may still end, and the same command goes on with the rest.');
  return `${blocks.join('\n\n')}\n`;
}

const SELECTED = [counted('Objects', (tally) => tally.objects), counted('Lines', (tally) => tally.lines)];
const REPLAYED = [
  counted('Stored', (tally) => tally.stored, 'green'),
  counted('Still refused', (tally) => tally.refusedInAll, 'red'),
];
const NOT_REPLAYED = counted('Not replayed', (tally) => tally.failed.length, 'red');

/** @param style of a count that is not 0 */
function counted(title: string, count: (tally: Tally) => number, style?: Style): Column<Tally> {
  return {
    title,
    align: 'right',
    text: (tally) => numberText(count(tally)),
    style: (tally) => (count(tally) > 0 ? style : undefined),
  };
}

/** The same in one line of JSON. */
export function reportJson(tally: Tally, ending: Ending): string {
  const { objects, lines, stored, refused, bytes, failed } = tally;
  return `${JSON.stringify({ objects, lines, stored, refused: Object.fromEntries(refused), failed, bytes, ...ending })}\n`;
}
