import type { Context } from 'mocha';
import { MissingPart, NotPermitted } from '../../tools/local/missing-part.ts';

/** Who comes first builds Loki, which takes ten minutes on two cores. */
const LONGEST_MS = 30 * 60_000;

/**
 * Starts what a suite needs. Where a part is not on this machine the suite is skipped, and says what is missing;
 * in CI that is a failure, unless the machine does not permit what the suite does.
 */
export async function orSkip<T>(context: Context, start: () => Promise<T>): Promise<T> {
  context.timeout(LONGEST_MS);
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof MissingPart)) throw error;
    if (process.env.CI && !(error instanceof NotPermitted)) throw error;
    console.log(`      skipped: ${error.message}`);
    return context.skip();
  }
}
