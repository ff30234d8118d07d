/** The WebAssembly module compiled from the AssemblyScript file `x.as.ts` beside it, in base64. */
declare module '*.wasm' {
  const base64: string;
  export default base64;
}

/** What is used of WebAssembly. TypeScript declares it for browsers only: https://github.com/microsoft/TypeScript-DOM-lib-generator/issues/826 */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module);
    readonly exports: object;
  }
  interface Memory {
    readonly buffer: ArrayBuffer;
    /** Adds pages of 64 KiB. Older views of the buffer become empty. */
    grow(pages: number): number;
  }
}
