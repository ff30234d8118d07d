// What the measurements bundle and run: the way of a delivery from the event to Loki.
export { decode } from '../function/delivery/decode.ts';
export { encodePushes } from '../function/delivery/encode.ts';
export { createPusher } from '../function/delivery/push.ts';
export { admit } from '../function/delivery/rules.ts';
export { Timestamps } from '../function/delivery/timestamps.ts';
export { verdictOf } from '../function/delivery/verdict.ts';
export { streamOf } from '../function/labels/stream.ts';
export { Ledger } from '../function/ledger.ts';
export { metricRecord } from '../function/metrics.ts';
export { ship } from '../function/ship.ts';
