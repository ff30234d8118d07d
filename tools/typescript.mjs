// `node --import ./tools/typescript.mjs file.ts`: lets Node run the TypeScript sources as they are, through esbuild.
import { register } from 'node:module';

process.setSourceMapsEnabled(true);
register('./typescript-loader.mjs', import.meta.url);

// The SDK's advice to leave Node 20 concerns its next versions; ours is pinned, and Lambda runs Node 22.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
