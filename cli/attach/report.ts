import { numberText } from '../number-text.ts';
import type { Paint } from '../paint.ts';
import { type Column, tableText } from '../table.ts';
import { plainText } from '../text-width.ts';
import type { Ask, Result } from './run.ts';

/** What `attach --json` and `detach --json` print. */
export interface AttachReport {
  readonly action: Ask['action'];
  readonly dryRun: boolean;
  /** What became of each target, in the order in which they were given: prefixes last. */
  readonly targets: readonly Result[];
  /** Whether it was ended before all of them were done. */
  readonly interrupted: boolean;
  /** Why it ended before all of them were done, in one sentence. */
  readonly error: string | null;
}

/** The same for people. @param width of the terminal */
export function reportText(
  { action, dryRun, targets, interrupted }: AttachReport,
  paint: Paint,
  width: number,
): string {
  const blocks: string[] = [];
  if (targets.length > 0) blocks.push(tableText(columnsOf(dryRun), targets, { paint, width }).trimEnd());
  const errors = targets
    .filter(({ ok }) => !ok)
    .map((result) => `  ${nameOf(result)}\n    ${plainText(result.error ?? '')}`);
  if (errors.length > 0) blocks.push([`Not ${action}ed:`, ...errors].join('\n'));
  const kept = action === 'detach' ? targets.filter(({ ok, wantedBy }) => ok && wantedBy.length > 0) : [];
  if (kept.length > 0) blocks.push('What others want stays as they want it.');
  if (dryRun) blocks.push('Nothing was changed, because of --dry-run.');
  if (interrupted) blocks.push('Interrupted: what was under way may still end, and the same command does the rest.');
  return `${blocks.join('\n\n')}\n`;
}

function columnsOf(dryRun: boolean): readonly Column<Result>[] {
  return [
    { title: 'Log group', text: nameOf, shrinks: { to: 20, cut: 'middle' } },
    {
      title: dryRun ? 'Would change' : 'Changed',
      text: changesOf,
      style: ({ ok }) => (ok ? 'green' : 'red'),
    },
    { title: 'Wanted by', text: wantedByText, shrinks: { to: 12, cut: 'end' } },
  ];
}

function nameOf({ kind, target }: Result): string {
  return kind === 'prefix' ? `${target}*` : target;
}

/** What failed may have been wanted before. */
function wantedByText({ ok, wantedBy }: Result): string {
  return wantedBy.join(', ') || (ok ? 'nobody' : '');
}

const CHANGES = ['subscribed', 'unsubscribed', 'tagged', 'untagged'] as const;

/** For a prefix with the numbers of log groups. */
function changesOf(result: Result): string {
  const changed = CHANGES.filter((change) => result[change].length > 0);
  const words = changed.map((change) =>
    result.kind === 'prefix' ? `${numberText(result[change].length)} ${change}` : change,
  );
  return words.join(', ') || (result.ok ? 'nothing' : 'failed');
}
