import { createInterface } from 'node:readline/promises';

/** Asks in the terminal, and returns the line that is typed. Rejects when the signal aborts. */
export async function ask(question: string, signal: AbortSignal): Promise<string> {
  // As no terminal, so that Ctrl-C is a signal for the process as ever.
  const terminal = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    return await terminal.question(question, { signal });
  } finally {
    terminal.close();
  }
}
