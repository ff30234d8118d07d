import type { Invoke } from '../../function/aws/invoke.ts';
import { isReplayPage, type ReplayPage, UnknownAnswer } from '../../function/registry/replay.ts';
import type { ReplayFilter } from '../../function/replay-filter.ts';
import type { Surroundings } from '../surroundings.ts';

export interface PagesProps extends Pick<Surroundings, 'now' | 'wait' | 'signal'> {
  /** Name of the registrar's function. */
  readonly registrar: string;
  readonly invoke: Invoke;
  readonly filter: ReplayFilter;
  readonly dryRun: boolean;
  /** Bytes a second that may be sent to Loki. Default: as many as it takes */
  readonly bytesPerSecond?: number;
}

/** Few, so that progress is seen, and little is under way when the user has had enough. */
const OBJECTS_A_PAGE = 20;

/** Has the registrar replay everything that the filter selects, and gives what became of it, some objects at a time. */
export async function* replayPages(props: PagesProps): AsyncGenerator<ReplayPage> {
  const { registrar, invoke, filter, dryRun, bytesPerSecond, now, wait, signal } = props;
  // With a rate, one at a time: the waits are between the pages.
  const maxObjects = bytesPerSecond === undefined ? OBJECTS_A_PAGE : 1;
  let after: string | null = null;
  do {
    const start = now();
    const page = await invoke(
      registrar,
      { action: 'replay', filter, dryRun, maxObjects, ...(after && { after }) },
      signal,
    );
    if (!isReplayPage(page)) throw new UnknownAnswer(registrar);
    yield page;
    after = page.next;
    const bytes = page.objects.reduce((sum, object) => sum + object.bytes, 0);
    const due = bytesPerSecond === undefined ? start : start + (bytes / bytesPerSecond) * 1000;
    if (after !== null && due > now()) await wait(due - now(), signal);
  } while (after !== null && !signal.aborted);
}
