import { findCheckov } from '../../tools/local/checkov.ts';
import { findCloudInit } from '../../tools/local/cloud-init.ts';
import { findLoki } from '../../tools/local/find-loki.ts';
import { findOpenTofu } from '../../tools/local/find-opentofu.ts';
import { findMinistack } from '../../tools/local/ministack.ts';
import { findMoto } from '../../tools/local/moto.ts';
import { findNginx } from '../../tools/local/nginx.ts';
import { findShellcheck } from '../../tools/local/shellcheck.ts';
import { findXfsPrograms } from '../../tools/local/xfs.ts';

/**
 * Installs what the suites need before they run side by side: of two that install the same part, one would fail, and
 * what is built takes all cores.
 */
export async function mochaGlobalSetup(): Promise<void> {
  // Whoever needs a part that cannot be had says so.
  for (const find of [
    findMinistack,
    findLoki,
    findOpenTofu,
    findMoto,
    findCheckov,
    findNginx,
    findShellcheck,
    findCloudInit,
    findXfsPrograms,
  ])
    await find(console.error).catch(() => undefined);
}
