import { copyFileSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { onPath, run } from './commands.ts';
import { CACHE, ROOT } from './folders.ts';
import { MissingPart } from './missing-part.ts';
import { announced, type Tell } from './progress.ts';
import { isAtLeast, VERSIONS } from './versions.ts';

export interface GoProgramProps {
  /** As people write it, with its version: for messages. */
  readonly title: string;
  /** Of its folder below `tools/local`, in which `go.sum` has the checksum of every module that it needs. */
  readonly folder: string;
  /** The package that is built. */
  readonly main: string;
  /** Values of variables of its packages, as `-X` takes them. */
  readonly variables?: readonly string[];
  /** How long it takes on two cores, in words. */
  readonly takes: string;
  /** Environment variable that names another one, which is ready. */
  readonly variable: string;
}

/**
 * Builds a program from its Go module. `go install` refuses a module with `replace` lines, so a module of ours with the
 * same lines requires it.
 *
 * @param program where it is written
 * @throws MissingPart when Go is missing
 */
export async function buildGoProgram(props: GoProgramProps, program: string, tell: Tell): Promise<void> {
  const go = await findGo(props);
  await announced(tell, `Building ${props.title} from source, once, ${props.takes} on two cores`, () =>
    build(go, props, program),
  );
}

async function findGo({ title, variable }: GoProgramProps): Promise<string> {
  const go = onPath('go');
  // Prints "go version go1.26.5 linux/amd64".
  const version = go && /go(\d[\d.]*)/.exec((await run(go, ['version'])).stdout.replace('go version', ''))?.[1];
  if (go && isAtLeast(version ?? '', VERSIONS.go.least)) return go;
  throw new MissingPart(
    `${title} is built from source, and Go ${VERSIONS.go.least} or newer is not on the PATH: install it (https://go.dev/dl), or name a ready one in ${variable}.`,
  );
}

async function build(go: string, props: GoProgramProps, program: string): Promise<void> {
  const { title, folder, main, variables = [] } = props;
  const cwd = join(CACHE, `${folder}-build`);
  mkdirSync(cwd, { recursive: true });
  for (const file of ['go.mod', 'go.sum']) copyFileSync(join(ROOT, 'tools/local', folder, file), join(cwd, file));
  const output = `${program}.${process.pid}`;
  const ldflags = ['-s -w', ...variables.map((variable) => `-X ${variable}`)].join(' ');
  // `readonly`: what go.sum does not know, is not built.
  const args = ['build', '-mod=readonly', '-trimpath', `-ldflags=${ldflags}`, '-o', output, main];
  const { status, stderr } = await run(go, args, {
    cwd,
    env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOTOOLCHAIN: 'auto', GOWORK: 'off' },
  });
  if (status !== 0) throw new Error(`${title} does not build:\n${stderr.slice(-2_000)}`);
  renameSync(output, program);
}
