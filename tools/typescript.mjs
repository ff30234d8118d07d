// `node --import ./tools/typescript.mjs file.ts`: lets Node run the TypeScript sources as they are, through esbuild.
import { register } from 'node:module';

process.setSourceMapsEnabled(true);
register('./typescript-loader.mjs', import.meta.url);
