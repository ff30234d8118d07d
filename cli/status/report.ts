import type { StatusPage } from '../../function/registry/answers.ts';
import type { GroupReport } from './group-report.ts';

/** What `status --json` prints. */
export interface StatusReport {
  /** Of the installation. */
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** The registrar's last run; null when there was none. */
  readonly run: StatusPage['run'];
  /** The hour of the figures in ISO 8601, and why there are none; null with --no-metrics. */
  readonly metrics: { readonly from: string; readonly to: string; readonly error: string | null } | null;
  /** Why no labels can be shown; null when they are. */
  readonly labelsError: string | null;
  /** How many log groups are known, of which those that were asked for are shown. */
  readonly known: number;
  /** Those with problems first, then by name. */
  readonly groups: readonly GroupReport[];
}
