import { type Place, placeOfArn } from './place.ts';
import type { Plan, Resource } from './plan.ts';
import { knownOf, read, readText, type Side } from './value.ts';

/** A log group that the configuration itself creates. */
export interface LogGroupResource {
  readonly resource: Resource;
  /** Undefined where there is none of this name. */
  readonly before: Side | undefined;
  readonly after: Side | undefined;
}

/** By name. */
export type LogGroupResources = ReadonlyMap<string, readonly LogGroupResource[]>;

/** The log groups of all modules. */
export function logGroupResourcesOf({ resources }: Plan): LogGroupResources {
  const byName = new Map<string, LogGroupResource[]>();
  for (const resource of resources) {
    if (resource.type !== 'aws_cloudwatch_log_group') continue;
    const [was, is] = [nameIn(resource.before), nameIn(resource.after)];
    for (const name of new Set([was, is])) {
      if (name === undefined) continue;
      const one = {
        resource,
        before: was === name ? resource.before : undefined,
        after: is === name ? resource.after : undefined,
      };
      const others = byName.get(name);
      if (others) others.push(one);
      else byName.set(name, [one]);
    }
  }
  return byName;
}

function nameIn(side: Side | undefined): string | undefined {
  return (side && knownOf(readText(side, 'name'))) ?? undefined;
}

/** The resource of a log group in an account and region; undefined where there is none, or it is somewhere else. */
export function resourceOfLogGroup(
  logGroup: string,
  at: Place,
  resources: LogGroupResources,
): LogGroupResource | undefined {
  return resources.get(logGroup)?.find(({ before, after }) => {
    const place = placeOfArn(before, 'arn') ?? placeOfArn(after, 'arn');
    if (place && at.account && at.region) return place.account === at.account && place.region === at.region;
    // Since version 6 the provider tells the region of what is created, too.
    const region = after && knownOf(readText(after, 'region'));
    return !region || !at.region || region === at.region;
  });
}

/** Whether the apply deletes the log group, and not only Terraform's knowledge of it. */
export function isDeleted({ before, after }: LogGroupResource): boolean {
  return !!before && !after && knownOf(read(before, 'skip_destroy')) !== true;
}
