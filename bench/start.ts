import { execFileSync } from 'node:child_process';
import { median } from './median.ts';

export interface Start {
  readonly emptyMs: number;
  readonly shipperMs: number;
  /** Median of the differences of pairs that ran one after the other. */
  readonly overEmptyMs: number;
}

const ROUNDS = 25;
const PROBE = 'const start = performance.now(); await import(process.argv[1]); console.log(performance.now() - start);';

/** How long the import of the shipper takes, and that of an empty module, in fresh processes that alternate. */
export function measureStart(shipper: URL, empty: URL): Start {
  const pairs = Array.from({ length: ROUNDS }, () => ({ empty: importMs(empty), shipper: importMs(shipper) }));
  return {
    emptyMs: median(pairs.map(({ empty }) => empty)),
    shipperMs: median(pairs.map(({ shipper }) => shipper)),
    overEmptyMs: median(pairs.map(({ empty, shipper }) => shipper - empty)),
  };
}

function importMs(module: URL): number {
  return Number(execFileSync(process.execPath, ['--input-type=module', '--eval', PROBE, module.href]));
}
