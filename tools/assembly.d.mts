import type { Plugin } from 'esbuild';

export function assemblyModule(wasmPath: string): Promise<string>;
export const assemblyPlugin: Plugin;
