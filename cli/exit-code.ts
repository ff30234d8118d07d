/** What a shell is told. */
export const EXIT = { ok: 0, refused: 1, badUsage: 2, failed: 3, interrupted: 130 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
