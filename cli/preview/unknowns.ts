import type { Context } from './context.ts';
import { type Finding, findingOf, groupsText } from './finding.ts';
import { readLabelPolicy } from './group-labels.ts';
import { oneOf } from './installations.ts';
import { type Hidden, isHidden, knownOf, read, type Value } from './value.ts';

const WHY: Readonly<Record<Hidden, string>> = {
  unknown: 'known only after the apply',
  sensitive: 'sensitive, and not shown',
  unreadable: 'nothing that this version of loki-shipper can read',
  elsewhere: 'told only by the plan of the stack that loki-shipper is in',
};

/** What the plan does not tell, and why. */
export function unknownsOf(context: Context): readonly Finding[] {
  const { groups, installation, moments } = context;
  const shipper = oneOf(installation, 'aws_lambda_function', 'shipper');
  const policy = shipper?.after ? readLabelPolicy(shipper.after) : undefined;
  const labels = groups.flatMap(({ logGroup, labels: { after } }) => (after ? [[logGroup, after] as const] : []));
  const shipped = groups.flatMap(({ logGroup, after }) => {
    const shipping = knownOf(after);
    return shipping ? [[logGroup, shipping.filterPattern] as const] : [];
  });
  return [
    ...(installation.module === null ? [] : one('selection', 'What the registrar subscribes', moments.after.selection)),
    ...one('label_policy', 'The label policy', policy),
    ...one('concurrency', 'Whether the shipper may run (reserved_concurrent_executions)', concurrency(context)),
    ...one('lines', 'What is done with lines that are too long', lineRules(context)),
    ...one('retention', 'How long the bucket keeps what Loki did not take', retention(context)),
    ...byReason(
      'shipping',
      groups.map(({ logGroup, after }) => [logGroup, after] as const),
      (count, why) => `Whether ${groupsText(count)} ${count === 1 ? 'stays' : 'stay'} shipped is ${why}.`,
    ),
    ...byReason('filter_pattern', shipped, (count, why) => `The filter pattern of ${groupsText(count)} is ${why}.`),
    // Where the policy is not told, that is said once.
    ...(policy && isHidden(policy)
      ? []
      : byReason(
          'labels',
          labels,
          (count, why) => `What labels ${groupsText(count)} ${count === 1 ? 'gets' : 'get'} is ${why}.`,
        )),
    ...hiddenAttachments(context),
  ];
}

function one(rule: string, what: string, value: Value<unknown> | undefined): readonly Finding[] {
  return value && isHidden(value) ? [{ rule, message: `${what} is ${WHY[value.hidden]}.`, subjects: [] }] : [];
}

function byReason(
  rule: string,
  values: readonly (readonly [subject: string, value: Value<unknown>])[],
  message: (count: number, why: string) => string,
): readonly Finding[] {
  return (Object.keys(WHY) as Hidden[]).flatMap((reason) =>
    findingOf(
      rule,
      values.flatMap(([subject, value]) => (isHidden(value) && value.hidden === reason ? [subject] : [])),
      (count) => message(count, WHY[reason]),
    ),
  );
}

function concurrency({ installation }: Context): Value<unknown> | undefined {
  const shipper = oneOf(installation, 'aws_lambda_function', 'shipper');
  return shipper?.after && read(shipper.after, 'reserved_concurrent_executions');
}

function lineRules({ installation }: Context): Value<unknown> | undefined {
  const shipper = oneOf(installation, 'aws_lambda_function', 'shipper');
  return shipper?.after && read(shipper.after, 'environment', 0, 'variables', 'LINE_RULES');
}

function retention({ installation }: Context): Value<unknown> | undefined {
  const lifecycle = oneOf(installation, 'aws_s3_bucket_lifecycle_configuration', 'storage');
  return lifecycle?.after && read(lifecycle.after, 'rule', 0, 'expiration', 0, 'days');
}

function hiddenAttachments({ installation }: Context): readonly Finding[] {
  return byReason(
    'attachment',
    installation.attachments.flatMap(({ resource, after }) => (after ? [[resource.address, after] as const] : [])),
    (count, why) => `What ${count === 1 ? 'an attachment asks' : `${count} attachments ask`} for is ${why}.`,
  );
}
