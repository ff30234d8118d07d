import type { GroupStatus } from '../../function/registry/answers.ts';
import { durationText } from '../duration-text.ts';
import { numberText } from '../number-text.ts';
import type { Status } from '../status/read.ts';
import { type Finding, ok, problem, warning } from './finding.ts';
import type { DoctorProps } from './props.ts';

/** The module lets no more than an hour be between two runs. */
const LATE_MS = 2 * 3_600_000;

/** Names that are said; of the others, how many they are. */
const NAMED = 3;

/** Whether log groups are subscribed as they are wanted, by what the registrar saw in its last runs. */
export function* checkFilters({ groups, run }: Status, { parts, now }: DoctorProps): Generator<Finding> {
  const log = `its log group, /aws/lambda/${parts.registrar}`;
  const findings: Finding[] = [];
  const wrong = groups.filter(({ problem }) => problem !== null);
  if (wrong.length > 0)
    findings.push(
      problem(
        'filters',
        `${countText(wrong.length, 'is', 'are')} not shipped as wanted: ${namesText(wrong, ({ logGroup, problem }) => `${logGroup} (${problem})`)}.`,
        'loki-shipper status --problems says of each what is wrong.',
      ),
    );

  if (!run)
    findings.push(
      warning('filters', 'The registrar has not run yet.', 'Within an hour it does; terraform apply has it run too.'),
    );
  else {
    const ago = now() - Date.parse(run.at);
    if (run.error)
      findings.push(problem('filters', `The last run of the registrar failed: ${run.error}`, `Look at ${log}.`));
    if (ago > LATE_MS)
      findings.push(
        problem(
          'filters',
          `The registrar last ran ${durationText(ago)} ago.`,
          `Apply the module, which has its schedule, ${parts.registrar} in EventBridge Scheduler, and look at ${log}.`,
        ),
      );
    const waiting = groups.filter(
      ({ wantedBy, subscribedBy, problem }) => wantedBy.length > 0 && !subscribedBy && !problem,
    );
    if (waiting.length > 0 && run.remaining === 0)
      findings.push(
        warning(
          'filters',
          `${countText(waiting.length, 'is', 'are')} not subscribed yet: ${namesText(waiting, ({ logGroup }) => logGroup)}.`,
          `The next run of the registrar does it. If it does not, look at ${log}.`,
        ),
      );
    if (findings.length === 0) findings.push(ok('filters', wellText(groups, run.remaining, ago)));
  }
  yield* findings;
}

function wellText(groups: readonly GroupStatus[], remaining: number, ago: number): string {
  const shipped = groups.filter(({ subscribedBy }) => subscribedBy !== null).length;
  const left = remaining > 0 ? `, and ${numberText(remaining)} changes are left for the next ones` : '';
  return `${countText(shipped, 'is', 'are')} subscribed; the last run of the registrar was ${durationText(ago)} ago${left}.`;
}

function countText(count: number, one: string, more: string): string {
  return `${numberText(count)} log ${count === 1 ? `group ${one}` : `groups ${more}`}`;
}

function namesText(groups: readonly GroupStatus[], text: (group: GroupStatus) => string): string {
  const named = groups.slice(0, NAMED).map(text).join(', ');
  return groups.length > NAMED ? `${named} and ${numberText(groups.length - NAMED)} more` : named;
}
