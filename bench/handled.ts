import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ACCOUNT, REGION } from '../tools/local/account.ts';
import { writeBundles } from './bundles.ts';
import { heapOf } from './memory.ts';

export interface Handled {
  readonly seconds: number;
  /** Peak of the process in MB. */
  readonly peakMb: number;
}

const HANDLER = `
  import { existsSync, readFileSync } from 'node:fs';
  const { handler } = await import(process.argv[1]);
  const start = performance.now();
  const { ok, skipped, error } = await handler({ action: 'reconcile' }, {
    awsRequestId: 'bench',
    invokedFunctionArn: 'arn:aws:lambda:${REGION}:${ACCOUNT}:function:loki-shipper-registrar',
    getRemainingTimeInMillis: () => 900_000,
  });
  if (!ok || skipped) throw new Error(error ?? skipped);
  const seconds = (performance.now() - start) / 1000;
  // On Linux, what getrusage says begins with the size of the process that started this one.
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  const peakKb = status.match(/VmHWM:\\s*(\\d+)/)?.[1] ?? process.resourceUsage().maxRSS;
  console.log(JSON.stringify({ seconds, peakMb: peakKb / 1024 }));
`;

/** A run of the bundled registrar in a fresh process, in real time, with this process's environment and Lambda's heap. */
export async function handled(lambdaMb: number): Promise<Handled> {
  const { shipper } = await writeBundles();
  const args = [...heapOf(lambdaMb), '--input-type=module', '--eval', HANDLER, new URL('registrar.mjs', shipper).href];
  return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout);
}
