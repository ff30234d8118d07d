import { execFile } from 'node:child_process';
import { REGION } from '../../tools/local/account.ts';
import type { Stack } from '../../tools/local/stack.ts';
import { distOf } from './configuration.ts';

/** What the command line, built with what is deployed, says of the local stack's account as a process of its own. */
export async function cli(
  stack: Stack,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const { accessKeyId, secretAccessKey } = stack.client.credentials;
  const env = {
    PATH: process.env.PATH,
    AWS_ENDPOINT_URL: stack.endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
  return new Promise((resolve) => {
    const program = `${distOf(stack)}/cli/loki-shipper.mjs`;
    const child = execFile(process.execPath, [program, ...args], { env }, (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}
