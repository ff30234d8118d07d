import { type ChildProcess, execFile } from 'node:child_process';
import { join } from 'node:path';
import { REGION } from '../../tools/local/account.ts';
import { LOCAL } from '../../tools/local/folders.ts';
import type { Stack } from '../../tools/local/stack.ts';
import { distOf } from './configuration.ts';

interface Outcome {
  /** -1 when it was killed. */
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The folder where the command line keeps its state. */
export const stateOf = ({ folder }: Stack) => join(folder, 'state');

/** What the command line, built with what is deployed, says of the local stack's account as a process of its own. */
export async function cli(stack: Stack, ...args: readonly string[]): Promise<Outcome> {
  return startCli(stack, ...args).outcome;
}

/** The same, for a test that does something meanwhile. */
export function startCli(
  stack: Stack,
  ...args: readonly string[]
): { readonly child: ChildProcess; readonly outcome: Promise<Outcome> } {
  const { accessKeyId, secretAccessKey } = stack.client.credentials;
  const env = {
    PATH: process.env.PATH,
    XDG_STATE_HOME: stateOf(stack),
    TF_CLI_CONFIG_FILE: join(LOCAL, 'terraform', 'cli.tfrc'),
    AWS_ENDPOINT_URL: stack.endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
  const program = `${distOf(stack)}/cli/loki-shipper.mjs`;
  let end: (outcome: Outcome) => void;
  const outcome = new Promise<Outcome>((resolve) => {
    end = resolve;
  });
  const child = execFile(process.execPath, [program, ...args], { env }, (_error, out, err) =>
    end({ code: child.exitCode ?? -1, out, err }),
  );
  return { child, outcome };
}
