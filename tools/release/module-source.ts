import { readFileSync } from 'node:fs';
import type { SourceOf } from '../build-readme.ts';

/** The address of the project's repository, as package.json has it: who publishes the module puts theirs there. */
export function repositoryUrl(packageJson: string): string | undefined {
  const { repository } = JSON.parse(packageJson);
  return typeof repository?.url === 'string' ? repository.url.replace(/^git\+/, '') : undefined;
}

/** What callers of a release write as `source`. */
export function sourcesOf(version: string, repository = repositoryUrl(readFileSync('package.json', 'utf8'))): SourceOf {
  return (module) => `git::${repository}${module ? `//modules/${module}` : ''}?ref=v${version}`;
}
