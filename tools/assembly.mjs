// Compiles `x.as.ts` (AssemblyScript) for an import of `./x.wasm`: in tests through the loader, in the bundle through the plugin.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

const OPTIONS = { optimizeLevel: 3, shrinkLevel: 0, noAssert: true, runtime: 'stub', enable: ['simd', 'bulk-memory'] };
const CACHE = '.build/assembly';

/** The module `export default "<base64 of the wasm>"` for the path of an `x.wasm` import. */
export async function assemblyModule(wasmPath) {
  return `export default ${JSON.stringify((await compile(wasmPath)).toString('base64'))};`;
}

/** esbuild plugin with the same meaning of `import wasm from './x.wasm'`. */
export const assemblyPlugin = {
  name: 'assembly',
  setup(build) {
    build.onLoad({ filter: /\.wasm$/ }, async ({ path }) => ({ contents: await assemblyModule(path), loader: 'js' }));
    build.onResolve({ filter: /\.wasm$/ }, ({ path, resolveDir }) => ({ path: `${resolveDir}/${path}` }));
  },
};

async function compile(wasmPath) {
  const source = readFileSync(wasmPath.replace(/\.wasm$/, '.as.ts'), 'utf8');
  const key = createHash('sha256')
    .update(JSON.stringify([asc.version, OPTIONS, source]))
    .digest('hex');
  const cached = `${CACHE}/${key}.wasm`;
  try {
    return readFileSync(cached);
  } catch {
    const { binary, stderr, error } = await asc.compileString(source, OPTIONS);
    if (error || !binary) throw new Error(`${wasmPath}: AssemblyScript does not compile:\n${stderr}`);
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(cached, binary);
    return Buffer.from(binary);
  }
}
