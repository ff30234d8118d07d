/**
 * What a shell is told, by every command. 2 says what Terraform's users expect of a plan that wants their eyes
 * (`terraform plan -detailed-exitcode`), so bad usage is the 64 of BSD's sysexits(3).
 */
export const EXIT = {
  ok: 0,
  /** Something is left to do: lines that are still refused, findings. */
  refused: 1,
  /** What was asked about would lose logs. */
  losesLogs: 2,
  /** It could not be done. */
  failed: 3,
  badUsage: 64,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
