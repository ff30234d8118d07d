import { numberText } from '../number-text.ts';
import type { Context } from './context.ts';
import { type Finding, findingOf, groupsText } from './finding.ts';
import { allOf, oneOf } from './installations.ts';
import { isSame, knownOf, read, readText, type Side } from './value.ts';

/** What loses nothing, and should be known. */
export function noticesOf(context: Context): readonly Finding[] {
  return [destination, relabelled, manyStreams, deletedFilters, unfollowed, bucketMustBeEmpty].flatMap((notice) =>
    notice(context),
  );
}

const DESTINATION: Readonly<Record<string, string>> = {
  LOKI_URL: 'Lines go to another Loki.',
  LOKI_TENANT_ARN: 'Lines go to a tenant whose name another secret holds.',
  LOKI_BASIC_AUTH_ARN: 'The credentials for Loki come from another secret.',
  LOKI_BEARER_TOKEN_ARN: 'The credentials for Loki come from another secret.',
};

function destination({ installation }: Context): readonly Finding[] {
  const { before, after } = oneOf(installation, 'aws_lambda_function', 'shipper') ?? {};
  if (!before || !after) return [];
  return Object.entries(DESTINATION).flatMap(([name, message]) => {
    const [was, is] = [settingOf(before, name), settingOf(after, name)];
    if (isSame(was, is)) return [];
    const subjects = [was, is].map((value) => ('known' in value ? (value.known ?? 'none') : value.hidden));
    return [{ rule: 'destination', message, subjects }];
  });
}

function settingOf(side: Side, name: string) {
  return readText(side, 'environment', 0, 'variables', name);
}

function relabelled({ groups }: Context): readonly Finding[] {
  const others = groups.filter(
    ({ stream: { before, after } }) => before !== undefined && after !== undefined && before !== after,
  );
  return findingOf(
    'relabelled',
    others.map(({ logGroup }) => logGroup),
    (count) =>
      `${groupsText(count)} ${count === 1 ? 'gets' : 'get'} other labels, and lines from before keep the old ones: queries and alerts that name these find only a part.`,
  );
}

function manyStreams({ counts: { streams }, streamLimit }: Context): readonly Finding[] {
  const { before, after, meanwhile } = streams;
  if (meanwhile <= streamLimit || Math.max(before, after) > streamLimit) return [];
  return [
    {
      rule: 'streams_meanwhile',
      message: `Until the old ones are idle there will be ${numberText(meanwhile)} streams, and Loki takes ${numberText(streamLimit)}: deliveries of the others fail, and are to be replayed from the bucket.`,
      subjects: [],
    },
  ];
}

function deletedFilters({ installation, plan }: Context): readonly Finding[] {
  const deleted = allOf(installation, 'aws_cloudwatch_log_subscription_filter', 'log_groups')
    .filter(({ address, after }) => after && plan.deletedOutside.has(address))
    .flatMap(({ index }) => (typeof index === 'string' ? [index] : []));
  return findingOf(
    'filter_deleted_outside',
    deleted,
    (count) =>
      `The subscription filter of ${groupsText(count)} was deleted outside Terraform, and the apply creates it again: what was logged meanwhile was not shipped.`,
  );
}

function unfollowed({ moments }: Context): readonly Finding[] {
  const [before, after] = [knownOf(moments.before.selection), knownOf(moments.after.selection)];
  return findingOf(
    'unfollowed',
    before?.follow && after && !after.follow ? [...after.prefixes].sort() : [],
    () => 'Log groups that are born later under a prefix are shipped with the next apply only, and no longer at once.',
  );
}

function bucketMustBeEmpty({ installation }: Context): readonly Finding[] {
  const bucket = oneOf(installation, 'aws_s3_bucket', 'storage');
  if (bucket?.change !== 'delete' || !bucket.before || knownOf(read(bucket.before, 'force_destroy')) === true)
    return [];
  return findingOf(
    'bucket_must_be_empty',
    [bucket.address],
    () => 'The bucket is deleted only if it is empty, and else the apply fails: replay or remove what it keeps first.',
  );
}
