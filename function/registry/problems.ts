import type { LogGroup } from '../aws/log-groups.ts';
import type { GroupProblem } from './answers.ts';
import type { SeenFilter } from './decide.ts';

/** Sentences on what keeps a log group from being shipped. */
export function hasWrongClass({ name, logClass }: LogGroup): GroupProblem {
  return {
    logGroup: name,
    problem: 'log_class',
    message: `Log group ${name} is of the class ${logClass}, and AWS lets only those of the class STANDARD be subscribed to: leave it out, or create it anew as one.`,
  };
}

export function isMissing(logGroup: string, region: string): GroupProblem {
  return {
    logGroup,
    problem: 'missing',
    message: `Log group ${logGroup} does not exist in ${region}: create it, or no longer ask for it.`,
  };
}

export function hasForeignFilter(
  logGroup: string,
  filterName: string,
  { destination }: Extract<SeenFilter, { kind: 'foreign' }>,
): GroupProblem {
  return {
    logGroup,
    problem: 'foreign_filter',
    message: `Log group ${logGroup} has a subscription filter ${filterName} to ${destination}, which stays as it is: remove it, or install the module under another name.`,
  };
}

export function hasTooManyFilters(logGroup: string): GroupProblem {
  return {
    logGroup,
    problem: 'filter_limit',
    message: `Log group ${logGroup} has as many subscription filters as AWS allows: remove one of them.`,
  };
}

export function hasFailed(logGroup: string, { message }: Error): GroupProblem {
  return { logGroup, problem: 'failed', message };
}
