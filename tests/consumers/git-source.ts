import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { run } from '../../tools/local/commands.ts';
import type { Terraform } from '../../tools/local/terraform.ts';
import { sourcesOf } from '../../tools/release/module-source.ts';
import { writeReleaseTree } from '../../tools/release/tree.ts';

const { version, repository } = JSON.parse(readFileSync('package.json', 'utf8'));

/** Sources of the modules, as callers write them. */
export const sourceOf = sourcesOf(version);

/** A repository in a folder, with a release of the working copy; it is reached by the address of the project's. */
export class GitSource {
  readonly folder: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(folder: string) {
    this.folder = folder;
    // What a user of git has set is the user's own.
    this.#env = {
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: `url.${pathToFileURL(folder)}.insteadOf`,
      GIT_CONFIG_VALUE_0: repository.url,
    };
  }

  static async make(folder: string): Promise<GitSource> {
    const source = new GitSource(folder);
    await writeReleaseTree(folder, version);
    const author = ['-c', 'user.name=Consumers', '-c', 'user.email=consumers@git.example.com'];
    await source.#git('init', '--quiet', '--initial-branch=module');
    await source.#git('add', '--all');
    await source.#git(...author, 'commit', '--quiet', '--message', `Release ${version}`);
    await source.#git('tag', `v${version}`);
    return source;
  }

  /** Terraform, whose git finds the repository here. */
  reachedBy(terraform: Terraform): Terraform {
    return {
      ...terraform,
      run: (args, options) => terraform.run(args, { ...options, env: { ...this.#env, ...options.env } }),
    };
  }

  async #git(...args: readonly string[]): Promise<void> {
    const { status, stderr } = await run('git', args, { cwd: this.folder, env: { ...process.env, ...this.#env } });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  }
}
