import { basename } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import type { DemoFiles } from '../cli/demo/files.ts';
import { assemblyPlugin } from './assembly.mjs';

/** What was bundled. */
export interface Bundle {
  /** Name → content. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What esbuild says of what is in them. */
  readonly metafiles: readonly Metafile[];
}

/** How code is bundled that runs in Lambda. */
export const FOR_LAMBDA = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // The packages' ES modules: half the size of what `main` names.
  mainFields: ['module', 'main'],
  minify: true,
  plugins: [assemblyPlugin],
  logLevel: 'error',
} as const satisfies BuildOptions;

/** What signs the first request of a cold container. */
const SIGNER = 'signed-get';

/** Leaves the signer to a bundle of its own. With the chunks that the SDK's clients share, it would read six times as much. */
const signerApart: Plugin = {
  name: 'signer apart',
  setup({ onResolve }) {
    onResolve({ filter: new RegExp(`/${SIGNER}\\.ts$`) }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: `./${SIGNER}.mjs`, external: true } : undefined,
    );
  },
};

/**
 * Bundles the two Lambda functions: `shipper.mjs`, `registrar.mjs` and what both import later, by name of the file.
 * The SDK clients are imported lazily and so come out as chunks of their own, which a start does not read.
 * The same sources give the same bytes: a chunk is named by its content.
 */
export async function bundleFunction(folder = 'function'): Promise<Bundle> {
  const options = {
    ...FOR_LAMBDA,
    outExtension: { '.js': '.mjs' },
    outdir: 'function.zip',
    write: false,
    metafile: true,
    // Names of chunks are made of content and path below this folder: not of where node_modules really is.
    preserveSymlinks: true,
  } as const;
  const results = await Promise.all([
    build({
      ...options,
      entryPoints: [`${folder}/shipper.ts`, `${folder}/registrar.ts`],
      splitting: true,
      plugins: [...FOR_LAMBDA.plugins, signerApart],
    }),
    build({ ...options, entryPoints: [`${folder}/aws/${SIGNER}.ts`] }),
  ]);
  const files = results.flatMap(({ outputFiles }) => outputFiles);
  return {
    files: new Map(files.map(({ path, contents }) => [basename(path), contents])),
    metafiles: results.map(({ metafile }) => metafile),
  };
}

/** The command line's file in its bundle. */
export const CLI = 'loki-shipper.mjs';

/**
 * Bundles the command line into one file that Node runs as it is.
 * @param demo the files that `demo start` writes: it needs nothing but this one file
 */
export async function bundleCli(demo: DemoFiles, folder = 'cli'): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    entryPoints: [`${folder}/main.ts`],
    ...FOR_LAMBDA,
    target: 'node20',
    define: { DEMO_FILES: JSON.stringify(demo) },
    // commander is CommonJS, and asks for Node's own modules in the way of CommonJS.
    banner: {
      js: "#!/usr/bin/env node\nimport { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
    },
    write: false,
    metafile: true,
    preserveSymlinks: true,
  });
  return { files: new Map(outputFiles.map(({ contents }) => [CLI, contents])), metafiles: [metafile] };
}
