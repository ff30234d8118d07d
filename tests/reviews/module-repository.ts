import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../tools/local/commands.ts';
import { repositoryUrl } from '../../tools/release/module-source.ts';
import { writeReleaseTree } from '../../tools/release/tree.ts';

/** What git needs for a commit that nobody made. */
const AUTHOR = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];

/**
 * Writes a release into a repository of its own.
 * @returns variables with which git finds it at its published address
 */
export async function writeModuleRepository(folder: string, version: string): Promise<NodeJS.ProcessEnv> {
  const tree = join(folder, 'loki-shipper.git');
  await writeReleaseTree(tree, version);
  const commands = [['init'], ['add', '.'], [...AUTHOR, 'commit', '-m', 'release'], ['tag', `v${version}`]];
  for (const args of commands) {
    const { status, stderr } = await run('git', args, { cwd: tree });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  }
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `url.file://${tree}.insteadOf`,
    GIT_CONFIG_VALUE_0: repositoryUrl(readFileSync('package.json', 'utf8')),
  };
}
