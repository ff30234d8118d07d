import { resolve } from 'node:path';
import { git, gitBytes } from './git.ts';

/** What people set for themselves, and what files, trees and archives must not depend on. */
const SAME_FOR_ALL = [
  'core.autocrlf=false',
  'core.eol=lf',
  'core.fileMode=true',
  'core.attributesFile=/dev/null',
  'core.excludesFile=/dev/null',
  'i18n.commitEncoding=UTF-8',
  'tar.umask=0022',
].flatMap((setting) => ['-c', setting]);

/** Writes the files of a commit to a folder that is there. @param scratch folder for git's index */
export function exportCommit(commit: string, folder: string, scratch: string): void {
  const env = { GIT_INDEX_FILE: resolve(scratch, 'index') };
  git(['read-tree', commit], { env });
  git([...SAME_FOR_ALL, 'checkout-index', '--all', `--prefix=${resolve(folder)}/`], { env });
}

/**
 * Has git keep the files of a folder. Index and working tree of the checkout stay as they are.
 *
 * @param base commit of which the folder is a changed copy, with what is ignored beside; without it, all that is in the
 *   folder is kept
 * @returns id of the tree
 */
export function writeTree(folder: string, scratch: string, base?: string): string {
  const env = {
    GIT_DIR: git(['rev-parse', '--absolute-git-dir']),
    GIT_WORK_TREE: resolve(folder),
    GIT_INDEX_FILE: resolve(scratch, 'index'),
  };
  git(['read-tree', base ?? '--empty'], { env });
  git([...SAME_FOR_ALL, '-C', folder, 'add', '--all', ...(base ? [] : ['--force'])], { env });
  return git(['write-tree'], { env });
}

export interface NewCommit {
  readonly tree: string;
  readonly parent: string | undefined;
  readonly message: string;
}

/** Writes a commit by the people and of the time of another one: whoever makes it, it is the same. @returns its id */
export function commitLike(model: string, { tree, parent, message }: NewCommit): string {
  const parents = parent ? ['-p', parent] : [];
  return git([...SAME_FOR_ALL, 'commit-tree', tree, ...parents], { input: message, env: peopleOf(model) });
}

/** Writes an annotated tag of a commit, by the committer and of the time of another one. @returns its id */
export function tagLike(model: string, commit: string, tag: string, message: string): string {
  const { GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email, GIT_COMMITTER_DATE: date } = peopleOf(model);
  const head = [`object ${commit}`, 'type commit', `tag ${tag}`, `tagger ${name} <${email}> ${date}`];
  return git(['mktag'], { input: `${head.join('\n')}\n\n${message}` });
}

/** The tree of a commit as a tar archive: sorted, owned by root, of the time of the commit. */
export function tarOf(commit: string): Buffer {
  return gitBytes([...SAME_FOR_ALL, 'archive', '--format=tar', commit]);
}

function peopleOf(commit: string) {
  const format = ['%an', '%ae', '%ad', '%cn', '%ce', '%cd'].join('%n');
  const [author = '', authorMail = '', authored = '', committer = '', committerMail = '', committed = ''] = git([
    'log',
    '--no-show-signature',
    '-1',
    '--date=raw',
    `--format=${format}`,
    commit,
  ]).split('\n');
  return {
    GIT_AUTHOR_NAME: author,
    GIT_AUTHOR_EMAIL: authorMail,
    GIT_AUTHOR_DATE: authored,
    GIT_COMMITTER_NAME: committer,
    GIT_COMMITTER_EMAIL: committerMail,
    GIT_COMMITTER_DATE: committed,
  };
}
