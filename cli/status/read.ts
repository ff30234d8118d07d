import type { Invoke } from '../../function/aws/invoke.ts';
import type { GroupStatus, StatusPage } from '../../function/registry/answers.ts';
import { UnknownAnswer } from '../../function/registry/replay.ts';
import { isStatusPage } from '../answers.ts';

/** What the registrar says of all log groups. */
export type Status = Omit<StatusPage, 'next'>;

/**
 * Asks the registrar, page by page.
 * @param tell hears how many log groups are read
 * @throws InvocationFailed, FunctionFailed, UnknownAnswer
 */
export async function readStatus(
  invoke: Invoke,
  registrar: string,
  signal: AbortSignal,
  tell: (groups: number) => void = () => {},
): Promise<Status> {
  const groups: GroupStatus[] = [];
  for (let after: string | undefined; ; ) {
    const page = await invoke(registrar, { action: 'status', ...(after !== undefined && { after }) }, signal);
    if (!isStatusPage(page)) throw new UnknownAnswer(registrar);
    groups.push(...page.groups);
    tell(groups.length);
    const { next, ...rest } = page;
    if (next === null) return { ...rest, groups };
    after = next;
  }
}
