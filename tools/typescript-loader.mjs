// Module loader behind typescript.mjs: TypeScript is transformed, `x.wasm` is compiled from the AssemblyScript beside it.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { assemblyModule } from './assembly.mjs';

export async function resolve(specifier, context, next) {
  if (specifier.endsWith('.wasm'))
    return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true };
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (url.endsWith('.wasm'))
    return { format: 'module', source: await assemblyModule(fileURLToPath(url)), shortCircuit: true };
  if (!url.endsWith('.ts')) return next(url, context);
  const path = fileURLToPath(url);
  const { code } = await transform(await readFile(path, 'utf8'), {
    loader: 'ts',
    format: 'esm',
    target: 'node20',
    sourcefile: path,
    sourcemap: 'inline',
  });
  return { format: 'module', source: code, shortCircuit: true };
}
