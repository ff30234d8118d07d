// What the CPU measurement bundles and runs: the way of a delivery from the event to the bodies of its pushes.
export { decode } from '../function/delivery/decode.ts';
export { encodePushes } from '../function/delivery/encode.ts';
export { Timestamps } from '../function/delivery/timestamps.ts';
