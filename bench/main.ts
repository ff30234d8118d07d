// `npm run bench`: what the shipper costs, as ratios taken in one run. `-- --json` prints one line of JSON instead.
import { cpus } from 'node:os';
import { writeBundles } from './bundles.ts';
import { corpora, largestDeliveries } from './corpora.ts';
import { measureCpu } from './cpu.ts';
import { measureMemory } from './memory.ts';
import { measureStart } from './start.ts';

const json = process.argv.includes('--json');
const progress = (text: string) => process.stderr.write(`${text} …\n`);

progress('Bundling');
const { shipper, empty, startBytes, zipBytes } = await writeBundles();
progress('CPU from event to push body');
const cpu = await measureCpu(corpora());
progress('Import time');
const start = measureStart(shipper, empty);
progress('Memory');
const memory = await measureMemory(shipper, largestDeliveries());
const machine = { node: process.version, cpu: cpus()[0]?.model.trim() ?? 'unknown', cores: cpus().length };

if (json) console.log(JSON.stringify({ machine, cpu, start, startBytes, zipBytes, memory }));
else {
  const n = (value: number, digits = 0) => value.toLocaleString('en', { maximumFractionDigits: digits });
  console.log(`
CPU from event to push body, over the floor (base64, gunzip, JSON.parse); three entries of structured metadata a line
  corpus                                                  total  of which decoding   floor   bodies
${cpu
  .map(
    ({ corpus, content, total, decode, floorUs, pushBytes }) =>
      `  ${corpus}  ${content.padEnd(50)}  ${total.toFixed(2)}   ${decode.toFixed(2)}  ${n(floorUs).padStart(16)} µs  ${n(pushBytes / 1000)} KB`,
  )
  .join('\n')}

Start of the shipper
  import             ${n(start.overEmptyMs, 1)} ms over an empty module (${n(start.shipperMs, 1)} and ${n(start.emptyMs, 1)})
  bundle             ${n(startBytes / 1000, 1)} KB read at a start; ${n(zipBytes / 1000)} KB is the zip with both functions

Memory for the largest asynchronous events
${memory
  .map(
    ({ delivery, content, eventBytes, peakMb, lambdaMb }) =>
      `  ${delivery} of JSON in ${n(eventBytes / 1000)} KB (${content}): peak ${n(peakMb)} MB, fits ${lambdaMb} MB of Lambda memory`,
  )
  .join('\n')}

Measured with Node ${machine.node} on ${machine.cores} × ${machine.cpu}`);
}
