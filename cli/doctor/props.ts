import type { Invoke } from '../../function/aws/invoke.ts';
import type { Functions } from '../aws/functions.ts';
import type { LogGroups } from '../aws/log-groups.ts';
import type { LogHistory } from '../aws/log-history.ts';
import type { LokiReader } from '../loki-reader.ts';
import type { Parts } from '../parts.ts';
import type { Surroundings } from '../surroundings.ts';

/** What an examination needs. */
export interface DoctorProps extends Pick<Surroundings, 'now' | 'wait' | 'signal'> {
  readonly parts: Parts;
  readonly invoke: Invoke;
  readonly functions: Functions;
  readonly logGroups: LogGroups;
  readonly history: Pick<LogHistory, 'page'>;
  /** Undefined where nobody said how to read Loki. */
  readonly loki: LokiReader | undefined;
  /** A log group that is shipped, to write a line to. Default: no line is written */
  readonly probeGroup?: string;
}
