// What the shipper costs, as ratios taken in one run. `-- --json` prints one line of JSON instead.
import { cpus } from 'node:os';
import { writeBundles } from './bundles.ts';
import { measureCatalogue } from './catalogue.ts';
import { corpora, largestDeliveries } from './corpora.ts';
import { measureCpu } from './cpu.ts';
import { measureMemory } from './memory.ts';
import { measurePushes } from './pushes.ts';
import { measureStart } from './start.ts';

const json = process.argv.includes('--json');
const progress = (text: string) => process.stderr.write(`${text} …\n`);

progress('Bundling');
const { shipper, empty, startBytes, zipBytes } = await writeBundles();
progress('CPU from event to push body');
const cpu = await measureCpu(corpora());
progress('Import time');
const start = measureStart(shipper, empty);
progress('Cold start with a catalogue');
const catalogue = await measureCatalogue(shipper);
progress('Pushes to a local Loki');
const [, accessLog] = corpora();
const pushes = accessLog && (await measurePushes(accessLog));
progress('Memory');
const memory = await measureMemory(shipper, largestDeliveries());
const machine = { node: process.version, cpu: cpus()[0]?.model.trim() ?? 'unknown', cores: cpus().length };

if (json)
  console.log(JSON.stringify({ machine, cpu, start, startBytes, zipBytes, catalogue, pushes: pushes ?? null, memory }));
else {
  const n = (value: number, digits = 0) => value.toLocaleString('en', { maximumFractionDigits: digits });
  const { starts } = catalogue;
  const percent = (ratio: number) => `${ratio < 1 ? '−' : '+'}${n(Math.abs(ratio - 1) * 100, 1)} %`.padStart(7);
  console.log(`
CPU from event to push body, over the floor (base64, gunzip, JSON.parse); three entries of structured metadata a line
  corpus                                                  total  of which decoding   floor   bodies
${cpu
  .map(
    ({ corpus, content, total, decode, floorUs, pushBytes }) =>
      `  ${corpus}  ${content.padEnd(50)}  ${total.toFixed(2)}   ${decode.toFixed(2)}  ${n(floorUs).padStart(16)} µs  ${n(pushBytes / 1000)} KB`,
  )
  .join('\n')}

What losing nothing costs a delivery that Loki takes at once, over the same; by chance it differs from itself by as much as the last column
  corpus             rules, counters, record      whole delivery      itself
${cpu
  .map(
    ({ corpus, care, whole, again }) =>
      `  ${corpus}                                  ${percent(1 + care)}             ${percent(whole)}     ${percent(again)}`,
  )
  .join('\n')}

Start of the shipper
  import             ${n(start.overEmptyMs, 1)} ms over an empty module (${n(start.shipperMs, 1)} and ${n(start.emptyMs, 1)})
  bundle             ${n(startBytes / 1000, 1)} KB read at a start; ${n(zipBytes / 1000)} KB is the zip with both functions

Cold start to the first push of one line: CPU as a ratio to looking the tags of the log group up with the SDK
  looked up          1.00 (${n(starts.lookUp.cpuMs)} ms of CPU, ${n(starts.lookUp.ms)} ms in all)
  catalogue          ${starts.large.ratio.toFixed(2)} with ${n(catalogue.groups)} groups in ${n(catalogue.bytes / 1000)} KB (${n(starts.large.cpuMs)} ms of CPU, ${n(starts.large.ms)} ms in all)
                     ${starts.small.ratio.toFixed(2)} with one group (${n(starts.small.cpuMs)} ms of CPU, ${n(starts.small.ms)} ms in all)

Pushes of 1 MB before compression to a Loki on this machine
${
  pushes
    ?.map(
      ({ parallel, perSecond, ratio }) =>
        `  ${parallel} at a time        ${n(perSecond)} a second, ${ratio.toFixed(2)} times one at a time`,
    )
    .join('\n') ??
  '  not measured: Loki is not installed; `npm test` builds it, or name a ready one in LOKI_SHIPPER_LOKI'
}

Memory for the largest asynchronous events
${memory
  .map(
    ({ delivery, content, eventBytes, peakMb, lambdaMb }) =>
      `  ${delivery} of JSON in ${n(eventBytes / 1000)} KB (${content}): peak ${n(peakMb)} MB, fits ${lambdaMb} MB of Lambda memory`,
  )
  .join('\n')}

Measured with Node ${machine.node} on ${machine.cores} × ${machine.cpu}`);
}
