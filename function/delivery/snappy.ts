import wasm from './snappy.wasm';

/** Room for what the compressor may touch past the end of its input or output. */
const SLACK = 64;
const PAGE = 64 * 1024;
/** Memory grows by this much at a time: growing costs a view of it, and pages that nobody touches cost nothing. */
const STEP = 1024 * 1024;

/** The memory of a WebAssembly module that compresses what was written into it. */
export class Snappy {
  readonly #memory: WebAssembly.Memory;
  readonly #workspace: number;
  readonly #compress: (input: number, length: number, output: number) => number;
  #room: Buffer;

  constructor() {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(wasm, 'base64')));
    const { memory, workspace, compress } = exports as Exports; // of snappy.as.ts
    this.#memory = memory;
    this.#workspace = workspace.value;
    this.#compress = compress;
    this.#room = Buffer.from(memory.buffer, this.#workspace);
  }

  /** At least `bytes` of memory to write into. What was written stays when it grows, but an older buffer is void. */
  room(bytes: number): Buffer {
    const missing = bytes + SLACK - this.#room.length;
    if (missing > 0) {
      this.#memory.grow((Math.ceil(missing / STEP) * STEP) / PAGE);
      this.#room = Buffer.from(this.#memory.buffer, this.#workspace);
    }
    return this.#room;
  }

  /** Compresses what was written from `start` to `end` to a raw snappy block, in a buffer of its own. */
  compress(start: number, end: number): Buffer {
    const length = end - start;
    const output = end + SLACK;
    const room = this.room(output + 32 + length + Math.ceil(length / 6));
    const size = this.#compress(this.#workspace + start, length, this.#workspace + output);
    return Buffer.from(room.subarray(output, output + size));
  }
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly workspace: { readonly value: number };
  readonly compress: (input: number, length: number, output: number) => number;
}
