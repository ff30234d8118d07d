import { numberText } from '../number-text.ts';

/** Something that whoever reads the plan is told. */
export interface Finding {
  /** Its name, for programs. */
  readonly rule: string;
  /** One sentence, in which nothing of the plan is but numbers. */
  readonly message: string;
  /** What it is about: log groups, prefixes, patterns, addresses of resources, values of settings. */
  readonly subjects: readonly string[];
}

/** A finding about many things, or none where there are none. */
export function findingOf(
  rule: string,
  subjects: readonly string[],
  message: (count: number) => string,
): readonly Finding[] {
  return subjects.length > 0 ? [{ rule, message: message(subjects.length), subjects }] : [];
}

/** For example `1 log group` and `2 log groups`. */
export function groupsText(count: number): string {
  return `${numberText(count)} log group${count === 1 ? '' : 's'}`;
}

/** For example `1 log group is` and `2 log groups are`. */
export function groupsAre(count: number): string {
  return `${groupsText(count)} ${count === 1 ? 'is' : 'are'}`;
}
