import { isDeepStrictEqual } from 'node:util';
import { type Plan, parsePlan } from '../../../cli/preview/plan.ts';
import { type PreviewOptions, preview } from '../../../cli/preview/preview.ts';
import type { InstallationReport } from '../../../cli/preview/report.ts';

type Json = Readonly<Record<string, unknown>>;

export const MODULE = 'module.loki_shipper';
const REGION = 'eu-central-1';
const ACCOUNT = '123456789012';
const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

/** Resources by address without the module: type, name, and index in quotes, as in `aws_s3_object.selection`. */
export type Resources = Readonly<Record<string, Json>>;

export interface State {
  /** Log group → what Terraform subscribes. */
  readonly groups?: Readonly<
    Record<string, { readonly pattern?: string; readonly tags?: Readonly<Record<string, string>> }>
  >;
  /** The module's variable `labels`. */
  readonly labels?: Json;
  /** What the registrar is told, less what is the same everywhere. Default: nothing, as before there was a registrar */
  readonly selection?: Json;
  /** Log groups that the registrar counted. */
  readonly counted?: number;
  /** Settings of the shipper's environment, for example LOKI_URL. */
  readonly environment?: Json;
  /** Of the shipper. */
  readonly concurrency?: number;
  readonly memory?: number;
  readonly retentionDays?: number;
  readonly forceDestroy?: boolean;
  readonly alarms?: number;
  readonly intervalMinutes?: number;
}

/** The resources of an installation, with what of them is read. */
export function installed(state: State = {}): Resources {
  const { groups = {}, labels = {}, selection, counted, environment = {}, concurrency = -1, memory = 256 } = state;
  const { retentionDays = 90, forceDestroy = false, alarms = 8, intervalMinutes = 5 } = state;
  const resources: Record<string, Json> = {
    'aws_lambda_function.shipper': {
      function_name: 'loki-shipper-shipper',
      arn: arn('lambda', 'function:loki-shipper-shipper'),
      memory_size: memory,
      architectures: ['arm64'],
      reserved_concurrent_executions: concurrency,
      environment: [
        {
          variables: {
            LOKI_URL: 'https://loki.example.com',
            LABEL_POLICY: JSON.stringify({ from_tags: [], static: {}, ...labels }),
            LINE_RULES: JSON.stringify({ too_long: 'split', max_bytes: 262144 }),
            ...environment,
          },
        },
      ],
    },
    'aws_lambda_function.registrar': {
      function_name: 'loki-shipper-registrar',
      memory_size: 256,
      architectures: ['arm64'],
    },
    'aws_lambda_permission.log_groups': { source_arn: arn('logs', 'log-group:*:*') },
    'aws_lambda_function_event_invoke_config.shipper': { function_name: 'loki-shipper-shipper' },
    'aws_s3_bucket.storage': { force_destroy: forceDestroy },
    'aws_s3_bucket_lifecycle_configuration.storage': {
      rule: ['failed-deliveries', 'parked-lines'].map((id) => ({ id, expiration: [{ days: retentionDays }] })),
    },
    'aws_scheduler_schedule.registrar': { schedule_expression: `rate(${intervalMinutes} minutes)` },
  };
  for (let i = 0; i < alarms; i++) resources[`aws_cloudwatch_metric_alarm.alarm_${i}[0]`] = { alarm_name: `${i}` };
  for (const [name, { pattern = '', tags }] of Object.entries(groups)) {
    resources[`aws_cloudwatch_log_subscription_filter.log_groups["${name}"]`] = {
      name: 'loki-shipper',
      filter_pattern: pattern,
    };
    if (tags)
      resources[`aws_lambda_invocation.log_group_tags["${name}"]`] = {
        function_name: 'loki-shipper-registrar',
        input: JSON.stringify({ logGroup: name, tags }),
      };
  }
  if (selection) resources['aws_s3_object.selection'] = { content: selectionJson(selection) };
  if (counted !== undefined)
    resources['aws_lambda_invocation.registry'] = { result: JSON.stringify({ groups: counted }) };
  return resources;
}

/** The selection of the module, with what is the same everywhere. */
export function selectionJson(selection: Json): string {
  return JSON.stringify({
    version: 1,
    name: 'loki-shipper',
    managed_by: 'registrar',
    follow: true,
    log_groups: {},
    prefixes: [],
    excluded: [],
    own_log_groups: ['/aws/lambda/loki-shipper-shipper', '/aws/lambda/loki-shipper-registrar'],
    filter_pattern: '',
    log_group_tags: {},
    max_log_groups: 1000,
    labels: {},
    ...selection,
  });
}

/** An attachment of the module log-group, in the root module. */
export function attached(input: Json, registrar = 'loki-shipper-registrar'): Json {
  return {
    function_name: registrar,
    input: JSON.stringify({ action: 'attach', claimant: 'team:1', tags: {}, filterPattern: null, ...input }),
  };
}

export interface Marks {
  /** Addresses of what is replaced, with the actions. */
  readonly replaced?: Readonly<Record<string, readonly string[]>>;
  /** Address → marks of what is known only after the apply, which the values lack. */
  readonly unknown?: Readonly<Record<string, unknown>>;
  /** Address → marks of what is sensitive, before and after. */
  readonly sensitive?: Readonly<Record<string, unknown>>;
}

/** The changes of resources from one state to another, in a module (empty for the root). */
export function changes(module: string, before: Resources, after: Resources, marks: Marks = {}): readonly Json[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].map((local) => {
    const [was, is] = [before[local] ?? null, after[local] ?? null];
    const [, type, name, key] = /^(\w+)\.(\w+)(?:\[(.+)\])?$/.exec(local) ?? [];
    const address = module ? `${module}.${local}` : local;
    return {
      address,
      ...(module && { module_address: module }),
      mode: 'managed',
      type,
      name,
      ...(key && { index: JSON.parse(key) }),
      change: {
        actions: marks.replaced?.[local] ?? actionsOf(was, is, marks.unknown?.[local]),
        before: was,
        after: is,
        after_unknown: marks.unknown?.[local] ?? {},
        before_sensitive: marks.sensitive?.[local] ?? {},
        after_sensitive: marks.sensitive?.[local] ?? {},
      },
    };
  });
}

function actionsOf(before: Json | null, after: Json | null, unknown: unknown): readonly string[] {
  if (!before) return ['create'];
  if (!after) return ['delete'];
  return isDeepStrictEqual(before, after) && !unknown ? ['no-op'] : ['update'];
}

/** The text of a plan with these changes of resources. */
export function planText(resourceChanges: readonly Json[], rest: Json = {}): string {
  return JSON.stringify({
    format_version: '1.2',
    terraform_version: '1.11.4',
    planned_values: {},
    resource_changes: resourceChanges,
    complete: true,
    errored: false,
    ...rest,
  });
}

export function planOf(resourceChanges: readonly Json[], rest: Json = {}): Plan {
  return parsePlan(planText(resourceChanges, rest), 'plan.json');
}

export interface Given extends Marks, PreviewOptions {
  readonly before?: State | null;
  readonly after?: State | null;
  /** Changes of other resources. */
  readonly others?: readonly Json[];
  /** Of the plan. */
  readonly rest?: Json;
}

/** The report on an installation that becomes another one; null is none. */
export function reportOf(given: Given): InstallationReport {
  const { before = {}, after = {}, others = [], rest = {}, replaced, unknown, sensitive, ...options } = given;
  const marks = { ...(replaced && { replaced }), ...(unknown && { unknown }), ...(sensitive && { sensitive }) };
  const here = changes(MODULE, before ? installed(before) : {}, after ? installed(after) : {}, marks);
  const { installations } = preview(planOf([...here, ...others], rest), options);
  const [report] = installations;
  if (!report || installations.length > 1) throw new Error(`There are ${installations.length} installations.`);
  return report;
}

/** The log groups that a prefix finds, as the plan's state has it. */
export function lookedUp(prefix: string, names: readonly string[], module = MODULE): Json {
  const values = { log_group_name_prefix: prefix, log_group_names: names };
  const data = {
    address: `${module}.data.x`,
    mode: 'data',
    type: 'aws_cloudwatch_log_groups',
    name: 'by_prefix',
    values,
  };
  return { prior_state: { values: { root_module: { child_modules: [{ address: module, resources: [data] }] } } } };
}

/** The rules of findings, and what they are about. */
export function rulesOf(findings: InstallationReport['losses']): readonly string[] {
  return findings.map(({ rule, subjects }) =>
    [rule, ...subjects.map((one) => one.replace(`${MODULE}.`, ''))].join(' '),
  );
}
