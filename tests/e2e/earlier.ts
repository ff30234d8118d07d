import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../tools/local/commands.ts';
import { ROOT } from '../../tools/local/folders.ts';
import { NotPermitted } from '../../tools/local/missing-part.ts';

/** A version of the module from before the sources that are here. */
export interface Earlier {
  /** Tag, or commit. */
  readonly version: string;
  /** Where it was built. */
  readonly module: string;
}

/**
 * What installations are upgraded from while there is no release: the last commit without the registry, the catalogue of
 * tags, `modules/log-group` and `modules/loki`. From there, an upgrade changes most of what the module has.
 */
const FIRST = '01de09be8d061eec07e98f932636a99a545f347b';

/**
 * The module of the last release, or, while there is none, of a commit that is built from its sources.
 * @throws NotPermitted where the history is not here
 */
export async function earlierModule(folder: string): Promise<Earlier> {
  const tags = await git('tag', '--list', 'v[0-9]*', '--sort=-version:refname');
  const [tag] = tags.split('\n');
  if (tag) return { version: tag, module: await extract(tag, join(folder, tag)) };

  await git('cat-file', '-e', `${FIRST}^{commit}`);
  const sources = await extract(FIRST, join(folder, 'earlier'));
  symlinkSync(join(ROOT, 'node_modules'), join(sources, 'node_modules'));
  await must(process.execPath, ['--import', './tools/typescript.mjs', 'tools/build.ts'], sources);
  return { version: FIRST.slice(0, 7), module: join(sources, 'dist/module') };
}

/** Writes what a tag or a commit has. @returns the folder */
async function extract(version: string, folder: string): Promise<string> {
  mkdirSync(folder);
  await git('archive', '--output', `${folder}.tar`, version);
  await must('tar', ['-xf', `${folder}.tar`, '-C', folder], folder);
  return folder;
}

async function git(...args: readonly string[]): Promise<string> {
  const missing = 'The history of the sources is not here, which has what is upgraded from:';
  if (!existsSync(join(ROOT, '.git'))) throw new NotPermitted(`${missing} clone the repository with git.`);
  const { status, stdout, stderr } = await run('git', args, { cwd: ROOT });
  if (status !== 0) throw new NotPermitted(`${missing} git fetch --unshallow --tags (${stderr.trim()})`);
  return stdout;
}

async function must(command: string, args: readonly string[], cwd: string): Promise<void> {
  const { status, stdout, stderr } = await run(command, args, { cwd });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}:\n${stdout}${stderr}`);
}
