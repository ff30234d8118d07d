import { LokiShipperError } from '../../function/errors.ts';
import { isObject } from '../../function/json.ts';
import type { Side } from './value.ts';

/** What of a plan is read. */
export interface Plan {
  /** Version of Terraform, or of OpenTofu. */
  readonly terraform: string | null;
  /** False of a plan with -target, or with changes that Terraform put off, which is not the whole of what is to come. */
  readonly complete: boolean;
  /** False where planning failed half-way. */
  readonly succeeded: boolean;
  /** By address. */
  readonly resources: readonly Resource[];
  /** Which log groups there were when it was made, for each prefix that was looked up. */
  readonly found: readonly Found[];
  /** What the plan was made of, in the format's `configuration`. */
  readonly configuration: unknown;
  /** Addresses of what somebody deleted outside Terraform. */
  readonly deletedOutside: ReadonlySet<string>;
}

export interface Resource {
  readonly address: string;
  /** Address of the module; empty for the root. */
  readonly module: string;
  readonly type: string;
  readonly name: string;
  readonly index: string | number | null;
  readonly change: Change;
  /** Whether it is replaced by creating the new one first. */
  readonly createdFirst: boolean;
  /** Undefined where there is none before. */
  readonly before: Side | undefined;
  /** Undefined where there is none after. What Terraform only forgets stays as it is. */
  readonly after: Side | undefined;
}

/** `forget`: it stays, and Terraform knows it no longer. */
export type Change = 'none' | 'create' | 'update' | 'replace' | 'delete' | 'forget';

export interface Found {
  readonly module: string;
  readonly prefix: string;
  readonly logGroups: ReadonlySet<string>;
}

export class InvalidPlan extends LokiShipperError {
  override readonly name = 'InvalidPlan';
  constructor(where: string, why: string) {
    super(`${where} ${why}.`);
  }
}

const ADVICE = 'give what `terraform show -json FILE` prints of the FILE that `terraform plan -out=FILE` wrote';

/** The types of resources that are read. */
const TYPES: ReadonlySet<string> = new Set([
  'aws_cloudwatch_log_group',
  'aws_cloudwatch_log_subscription_filter',
  'aws_cloudwatch_metric_alarm',
  'aws_lambda_function',
  'aws_lambda_function_event_invoke_config',
  'aws_lambda_invocation',
  'aws_lambda_permission',
  'aws_s3_bucket',
  'aws_s3_bucket_lifecycle_configuration',
  'aws_s3_object',
  'aws_scheduler_schedule',
]);

const CHANGES: ReadonlyMap<string, Change> = new Map([
  ['no-op', 'none'],
  ['read', 'none'],
  ['create', 'create'],
  ['update', 'update'],
  ['delete', 'delete'],
  ['delete create', 'replace'],
  ['create delete', 'replace'],
  ['forget', 'forget'],
  // What is there before stays, and the new one is written over it: AWS knows both by the same name.
  ['create forget', 'update'],
]);

/**
 * Reads the text of `terraform show -json`, formats 1.x.
 * https://developer.hashicorp.com/terraform/internals/json-format
 *
 * @param where the name of the file, for errors
 * @throws InvalidPlan for anything else
 */
export function parsePlan(text: string, where: string): Plan {
  const json = parseJson(text, where);
  if (!isObject(json)) throw new InvalidPlan(where, `is no plan of Terraform: ${ADVICE}`);
  const { format_version: format, prior_state: prior, resource_drift: drift } = json;
  if ('lineage' in json || ('values' in json && !('planned_values' in json)))
    throw new InvalidPlan(where, `is a state, not a plan: ${ADVICE}`);
  if (typeof format !== 'string') throw new InvalidPlan(where, `is no plan of Terraform: ${ADVICE}`);
  if (!/^1\.\d+$/.test(format))
    throw new InvalidPlan(
      where,
      `has the format version ${JSON.stringify(format.slice(0, 20))}, of which this version reads 1.x only: update loki-shipper`,
    );
  if (!isObject(json.planned_values)) throw new InvalidPlan(where, `is no plan of Terraform: ${ADVICE}`);

  const changed = list(json.resource_changes, 'resource_changes', where).flatMap((entry, i) =>
    resourceOf(entry, `resource_changes[${i}]`, where),
  );
  const addresses = new Set<unknown>(changed.flatMap(({ addresses }) => addresses));
  const state = stateResources(prior);
  const untouched = state
    .filter(({ mode, type, entry }) => mode === 'managed' && TYPES.has(type) && !addresses.has(entry.address))
    .map(untouchedResource);
  return {
    terraform: typeof json.terraform_version === 'string' ? json.terraform_version : null,
    complete: json.complete !== false,
    succeeded: json.errored !== true,
    resources: [...changed.map(({ resource }) => resource), ...untouched].sort((a, b) =>
      a.address < b.address ? -1 : a.address > b.address ? 1 : 0,
    ),
    found: state.flatMap(foundOf),
    configuration: json.configuration,
    deletedOutside: new Set(list(drift, 'resource_drift', where).flatMap(deletedAddress)),
  };
}

function parseJson(text: string, where: string): unknown {
  if (text.trim() === '') throw new InvalidPlan(where, `is empty: ${ADVICE}`);
  // Terraform's plan file is a zip.
  if (text.startsWith('PK')) throw new InvalidPlan(where, `is a plan in Terraform's own format: ${ADVICE}`);
  try {
    return JSON.parse(text);
  } catch {
    const isLog = text.startsWith('{"@');
    throw new InvalidPlan(where, `is ${isLog ? 'what `terraform plan -json` logs, not a plan' : 'no JSON'}: ${ADVICE}`);
  }
}

function list(value: unknown, name: string, where: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw new InvalidPlan(where, `is no plan of Terraform, because its ${name} is no list: ${ADVICE}`);
}

interface Changed {
  readonly resource: Resource;
  /** Where it is, and where it was if it has been moved. */
  readonly addresses: readonly string[];
}

/** @returns nothing for a resource of which nothing is read */
function resourceOf(entry: unknown, name: string, where: string): readonly Changed[] {
  const wrong = (why: string) =>
    new InvalidPlan(where, `is no plan of Terraform, because its ${name} ${why}: ${ADVICE}`);
  if (!isObject(entry)) throw wrong('is no object');
  const { address, type, change, previous_address: previous } = entry;
  if (typeof type !== 'string') throw wrong('has no type');
  // What was left over when a replacement failed is no longer what Terraform calls by this address.
  if (!TYPES.has(type) || entry.mode === 'data' || 'deposed' in entry) return [];
  if (typeof address !== 'string') throw wrong('has no address');
  if (!isObject(change) || !isTexts(change.actions)) throw wrong('has no change with actions');
  const actions = change.actions.join(' ');
  const kind = CHANGES.get(actions);
  if (!kind) throw wrong(`has the actions ${JSON.stringify(actions.slice(0, 50))}, which this version does not know`);
  const before = sideOf(change.before, undefined, change.before_sensitive);
  const after = kind === 'forget' ? before : sideOf(change.after, change.after_unknown, change.after_sensitive);
  const resource = {
    ...placeOf(entry, address),
    type,
    change: kind,
    createdFirst: actions === 'create delete',
    before,
    after,
  };
  return [{ resource, addresses: typeof previous === 'string' ? [address, previous] : [address] }];
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}

function placeOf(entry: Readonly<Record<string, unknown>>, address: string) {
  const { module_address: module, name, index } = entry;
  return {
    address,
    module: typeof module === 'string' ? module : '',
    name: typeof name === 'string' ? name : '',
    index: typeof index === 'string' || typeof index === 'number' ? index : null,
  };
}

function sideOf(values: unknown, unknown: unknown, sensitive: unknown): Side | undefined {
  return values === undefined || values === null ? undefined : { values, unknown, sensitive };
}

interface StateResource {
  readonly module: string;
  readonly mode: unknown;
  readonly type: string;
  readonly entry: Readonly<Record<string, unknown>>;
}

/** All resources of a state, of all modules. Without recursion: nobody says how deep they are nested. */
function stateResources(prior: unknown): readonly StateResource[] {
  const modules = [isObject(prior) && isObject(prior.values) ? prior.values.root_module : undefined];
  const resources: StateResource[] = [];
  for (const module of modules) {
    if (!isObject(module)) continue;
    if (Array.isArray(module.child_modules)) for (const inner of module.child_modules) modules.push(inner);
    if (!Array.isArray(module.resources)) continue;
    const address = typeof module.address === 'string' ? module.address : '';
    for (const entry of module.resources)
      if (isObject(entry) && typeof entry.address === 'string' && typeof entry.type === 'string')
        resources.push({ module: address, mode: entry.mode, type: entry.type, entry });
  }
  return resources;
}

/** A resource that a plan with -target leaves out: its changes are not planned. */
function untouchedResource({ module, type, entry }: StateResource): Resource {
  const side = sideOf(entry.values, undefined, entry.sensitive_values);
  const place = placeOf(entry, String(entry.address));
  return { ...place, module, type, change: 'none', createdFirst: false, before: side, after: side };
}

function foundOf({ module, mode, type, entry }: StateResource): readonly Found[] {
  if (mode !== 'data' || type !== 'aws_cloudwatch_log_groups' || entry.name !== 'by_prefix') return [];
  const { values } = entry;
  if (!isObject(values) || typeof values.log_group_name_prefix !== 'string') return [];
  const names = Array.isArray(values.log_group_names) ? values.log_group_names : [];
  return [{ module, prefix: values.log_group_name_prefix, logGroups: new Set(names) }];
}

function deletedAddress(entry: unknown): readonly string[] {
  if (!isObject(entry) || typeof entry.address !== 'string' || !isObject(entry.change)) return [];
  const { actions } = entry.change;
  return Array.isArray(actions) && actions.includes('delete') ? [entry.address] : [];
}
