import { numberText } from '../number-text.ts';
import type { Paint } from '../paint.ts';
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
  const columns: [string, number, Style?][] = [
    ['Objects', objects],
    ['Lines', lines],
    ...(dryRun
      ? []
      : ([
          ['Stored', stored, 'green'],
          ['Still refused', refusedInAll, 'red'],
        ] as [string, number, Style][])),
    ['Not replayed', failed.length, 'red'],
  ];
  const widths = columns.map(([title, count]) => Math.max(title.length, numberText(count).length));
  const row = (cells: readonly string[], style: (text: string, i: number) => string) =>
    cells.map((cell, i) => style(cell.padStart(widths[i] ?? 0), i)).join('  ');
  const blocks = [
    [
      row(
        columns.map(([title]) => title),
        (title) => paint(title, 'bold'),
      ),
      row(
        columns.map(([, count]) => numberText(count)),
        (cell, i) => {
          const [, count, style] = columns[i] ?? [];
          return count && style ? paint(cell, style) : cell;
        },
      ),
    ].join('\n'),
  ];
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

type Style = Parameters<Paint>[1];

/** The same in one line of JSON. */
export function reportJson(tally: Tally, ending: Ending): string {
  const { objects, lines, stored, refused, bytes, failed } = tally;
  return `${JSON.stringify({ objects, lines, stored, refused: Object.fromEntries(refused), failed, bytes, ...ending })}\n`;
}
