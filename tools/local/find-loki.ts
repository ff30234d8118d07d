import { copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { onPath, run } from './commands.ts';
import { CACHE, ROOT } from './folders.ts';
import { MissingPart } from './missing-part.ts';
import { announced, type Tell } from './progress.ts';
import { isAtLeast, VERSIONS } from './versions.ts';

/**
 * Finds Loki: LOKI_SHIPPER_LOKI, else the PATH's if it is the version we want, else one that was built before; else it
 * is built, which takes minutes.
 *
 * @returns the program
 * @throws MissingPart when it has to be built and Go is missing
 */
export async function findLoki(tell: Tell): Promise<string> {
  const ready = await findReadyLoki();
  if (ready) return ready;
  const built = builtLoki();
  const go = await findGo();
  await announced(tell, `Building Loki ${VERSIONS.loki} from source, once, about ten minutes on two cores`, () =>
    build(go, built),
  );
  return built;
}

/** Finds Loki as findLoki does, but builds none. */
export async function findReadyLoki(): Promise<string | undefined> {
  const named = process.env.LOKI_SHIPPER_LOKI;
  if (named) return named;
  const installed = onPath('loki');
  if (installed && (await run(installed, ['-version'])).stdout.includes(`version ${VERSIONS.loki} `)) return installed;
  const built = builtLoki();
  return existsSync(built) ? built : undefined;
}

function builtLoki(): string {
  return join(CACHE, `loki-${VERSIONS.loki}`);
}

async function findGo(): Promise<string> {
  const go = onPath('go');
  // Prints "go version go1.26.5 linux/amd64".
  const version = go && /go(\d[\d.]*)/.exec((await run(go, ['version'])).stdout.replace('go version', ''))?.[1];
  if (go && isAtLeast(version ?? '', VERSIONS.go.least)) return go;
  throw new MissingPart(
    `Loki ${VERSIONS.loki} is built from source, and Go ${VERSIONS.go.least} or newer is not on the PATH: install it (https://go.dev/dl), or name a ready Loki in LOKI_SHIPPER_LOKI.`,
  );
}

/** `go install` refuses a module with `replace` lines, so a module of ours with the same lines requires it. */
async function build(go: string, program: string): Promise<void> {
  const folder = join(CACHE, 'loki-build');
  mkdirSync(folder, { recursive: true });
  for (const file of ['go.mod', 'go.sum']) copyFileSync(join(ROOT, 'tools/local/loki', file), join(folder, file));
  const output = `${program}.${process.pid}`;
  // `readonly`: what go.sum does not know, is not built.
  const args = ['build', '-mod=readonly', '-trimpath', '-ldflags=-s -w', '-o', output];
  const { status, stderr } = await run(go, [...args, 'github.com/grafana/loki/v3/cmd/loki'], {
    cwd: folder,
    env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOTOOLCHAIN: 'auto', GOWORK: 'off' },
  });
  if (status !== 0) throw new Error(`Loki does not build:\n${stderr.slice(-2_000)}`);
  renameSync(output, program);
}
