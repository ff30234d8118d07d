import { isObject } from '../../function/json.ts';
import { numberText } from '../number-text.ts';
import type { Context } from './context.ts';
import { type Finding, findingOf } from './finding.ts';
import { oneOf } from './installations.ts';
import type { Resource } from './plan.ts';
import { knownOf, read, readJson, readNumber, readText, type Side } from './value.ts';

/** What loses lines of all log groups of an installation. */
export function installationLosses(context: Context): readonly Finding[] {
  return RULES.flatMap((rule) => rule(context));
}

const RULES: readonly ((context: Context) => readonly Finding[])[] = [
  functionIsReplaced,
  permissionGoes,
  retriesGo,
  bucketGoes,
  keptShorter,
  shippingStops,
  linesAreCut,
  registryIsReplaced,
  tooManyStreams,
];

const isShipping = ({ counts: { groups, atLeast } }: Context) => groups.after > 0 || atLeast.after;
const goes = (resource: Resource | undefined) => resource?.change === 'delete' || resource?.change === 'replace';

function functionIsReplaced({ installation }: Context): readonly Finding[] {
  const shipper = oneOf(installation, 'aws_lambda_function', 'shipper');
  if (shipper?.change !== 'replace') return [];
  return findingOf(
    'function_replaced',
    [shipper.address],
    () =>
      'The function of the shipper is replaced: a delivery that finds no function disables its subscription filter for up to ten minutes, and what is logged then is skipped.',
  );
}

/** The permission is part of the function: AWS deletes it with it. */
function permissionGoes(context: Context): readonly Finding[] {
  const permission = oneOf(context.installation, 'aws_lambda_permission', 'log_groups');
  const shipper = oneOf(context.installation, 'aws_lambda_function', 'shipper');
  if (!permission?.before || !isShipping(context)) return [];
  if (goes(permission))
    return findingOf(
      'permission_gone',
      [permission.address],
      () =>
        `The permission of CloudWatch Logs to call the shipper is ${permission.change === 'replace' ? 'replaced' : 'deleted'}: a delivery that finds none disables its subscription filter for up to ten minutes, and what is logged then is skipped.`,
    );
  if (shipper?.change !== 'replace') return [];
  return findingOf(
    'permission_gone',
    [permission.address],
    () =>
      'The permission of CloudWatch Logs to call the shipper is not replaced with the function, and AWS deletes it with the function: nothing is shipped until another apply creates it again.',
  );
}

/** The destination of failed deliveries is part of the function, too. */
function retriesGo(context: Context): readonly Finding[] {
  const retries = oneOf(context.installation, 'aws_lambda_function_event_invoke_config', 'shipper');
  const shipper = oneOf(context.installation, 'aws_lambda_function', 'shipper');
  if (!retries?.before || !isShipping(context)) return [];
  if (!goes(retries) && shipper?.change !== 'replace') return [];
  return findingOf('failed_deliveries_dropped', [retries.address], () =>
    retries.change === 'none' || retries.change === 'update'
      ? 'Where failed deliveries go is not set again with the function that is replaced: those that Lambda gives up on are dropped until another apply sets it.'
      : 'Where failed deliveries go is not set for a while: those that Lambda gives up on then are dropped.',
  );
}

function bucketGoes({ installation }: Context): readonly Finding[] {
  const bucket = oneOf(installation, 'aws_s3_bucket', 'storage');
  if (!bucket?.before || !goes(bucket)) return [];
  const isForced = knownOf(read(bucket.before, 'force_destroy')) === true;
  if (isForced)
    return findingOf(
      'bucket_gone',
      [bucket.address],
      () => 'The bucket is deleted with all that it keeps: parked lines and failed deliveries that were not replayed.',
    );
  return bucket.change === 'replace'
    ? findingOf(
        'bucket_gone',
        [bucket.address],
        () =>
          'The bucket is replaced: lines that Loki refuses while there is none, and deliveries that fail, are kept nowhere.',
      )
    : [];
}

/** The rules of the bucket's lifecycle for what Loki did not take. */
const KEPT = ['failed-deliveries', 'parked-lines'];

function keptShorter({ installation }: Context): readonly Finding[] {
  const lifecycle = oneOf(installation, 'aws_s3_bucket_lifecycle_configuration', 'storage');
  if (!lifecycle?.before || !lifecycle.after) return [];
  const [before, after] = [expirations(lifecycle.before), expirations(lifecycle.after)];
  const changes = KEPT.flatMap((id) => {
    const [was, is] = [before.get(id), after.get(id)];
    if (is === undefined || (was !== undefined && is >= was)) return [];
    return [`for ${numberText(is)} days instead of ${was === undefined ? 'for ever' : numberText(was)}`];
  });
  return [...new Set(changes)].flatMap((change) =>
    findingOf(
      'retention',
      [lifecycle.address],
      () => `The bucket keeps what Loki did not take ${change}, and what is older is deleted.`,
    ),
  );
}

/** Days by the rules that delete. Each is read by itself: other parts of a rule may be known only after the apply. */
function expirations(side: Side): ReadonlyMap<string, number> {
  const days = new Map<string, number>();
  for (let i = 0; ; i++) {
    const id = knownOf(readText(side, 'rule', i, 'id'));
    if (!id) return days;
    const expiration = knownOf(readNumber(side, 'rule', i, 'expiration', 0, 'days'));
    if (typeof expiration === 'number') days.set(id, expiration);
  }
}

function shippingStops({ installation }: Context): readonly Finding[] {
  const shipper = oneOf(installation, 'aws_lambda_function', 'shipper');
  const executions = (side: Side | undefined) => side && knownOf(readNumber(side, 'reserved_concurrent_executions'));
  if (!shipper || executions(shipper.after) !== 0 || executions(shipper.before) === 0) return [];
  return findingOf(
    'stopped',
    [shipper.address],
    () =>
      'The shipper may run no more, because reserved_concurrent_executions is 0: all deliveries go to the bucket, which deletes those that are not replayed in time.',
  );
}

function linesAreCut({ installation }: Context): readonly Finding[] {
  const shipper = oneOf(installation, 'aws_lambda_function', 'shipper');
  const after = limitOfLines(shipper?.after);
  if (!shipper?.before || after === undefined) return [];
  const before = limitOfLines(shipper.before);
  if (before !== undefined && after >= before) return [];
  return findingOf(
    'lines_cut',
    [shipper.address],
    () => `Lines are cut after ${numberText(after)} bytes, and what is cut off is lost.`,
  );
}

/** Bytes after which lines are cut; undefined where they are not. */
function limitOfLines(side: Side | undefined): number | undefined {
  const rules = side && knownOf(readJson(side, 'environment', 0, 'variables', 'LINE_RULES'));
  if (!isObject(rules) || rules.too_long !== 'cut' || typeof rules.max_bytes !== 'number') return undefined;
  return rules.max_bytes;
}

function registryIsReplaced({ installation }: Context): readonly Finding[] {
  const registry = oneOf(installation, 'aws_lambda_invocation', 'registry');
  if (registry?.change !== 'replace') return [];
  return findingOf(
    'registry_replaced',
    [registry.address],
    () =>
      'The registry is replaced: all log groups that the registrar subscribed are unsubscribed, and what they log until it subscribes them again is not shipped.',
  );
}

function tooManyStreams({ counts: { streams }, streamLimit }: Context): readonly Finding[] {
  const { before, after } = streams;
  if (after <= streamLimit || after <= before) return [];
  return [
    {
      rule: 'stream_limit',
      message: `There will be ${numberText(after)} streams, and Loki takes ${numberText(streamLimit)}: deliveries of the others fail and go to the bucket, which deletes those that are not replayed in time.`,
      subjects: [],
    },
  ];
}
