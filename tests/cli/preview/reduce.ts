type Json = Readonly<Record<string, unknown>>;

/** The attributes that are read, by type of resource. */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  aws_cloudwatch_log_group: ['name', 'arn', 'retention_in_days', 'log_group_class', 'skip_destroy', 'tags_all'],
  aws_cloudwatch_log_groups: ['log_group_name_prefix', 'log_group_names'],
  aws_cloudwatch_log_subscription_filter: ['name', 'filter_pattern'],
  aws_cloudwatch_metric_alarm: ['alarm_name'],
  aws_lambda_function: [
    'function_name',
    'arn',
    'memory_size',
    'architectures',
    'reserved_concurrent_executions',
    'environment',
  ],
  aws_lambda_function_event_invoke_config: ['function_name'],
  aws_lambda_invocation: ['function_name', 'input', 'result'],
  aws_lambda_permission: ['source_arn'],
  aws_s3_bucket: ['bucket', 'force_destroy'],
  aws_s3_bucket_lifecycle_configuration: ['rule'],
  aws_s3_object: ['content'],
  aws_scheduler_schedule: ['schedule_expression'],
};
const INPUTS = ['name', 'tags', 'filter_pattern'];

/**
 * What of a plan is read, for a fixture: a thirtieth of it, without paths of the machine, times and random ids. The end
 * to end test proves that the report is the same.
 */
export function reducePlan(text: string): string {
  const plan = JSON.parse(steady(text)) as Json;
  const changes = (plan.resource_changes as readonly Json[]).filter(isRead).map(reduceChange);
  const reduced = {
    format_version: plan.format_version,
    terraform_version: plan.terraform_version,
    complete: plan.complete,
    errored: plan.errored,
    planned_values: {},
    resource_changes: changes,
    resource_drift: ((plan.resource_drift ?? []) as readonly Json[]).filter(isRead).map(({ address, change }) => ({
      address,
      change: { actions: (change as Json).actions },
    })),
    prior_state: { values: { root_module: { resources: [], child_modules: stateOf(plan) } } },
    configuration: { root_module: reduceModule(((plan.configuration ?? {}) as Json).root_module as Json) },
  };
  return `${JSON.stringify(reduced, null, 1)}\n`;
}

/** A plan without random ids, which get numbers in the order in which they come, and without times. */
export function steady(text: string): string {
  const ids = new Map<string, string>();
  return text
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, (id) => {
      const other = ids.get(id) ?? `00000000-0000-4000-8000-${String(ids.size + 1).padStart(12, '0')}`;
      ids.set(id, other);
      return other;
    })
    .replace(/\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, '2026-11-26T12:00:00Z');
}

function isRead({ type, mode }: Json): boolean {
  return mode !== 'data' && Object.hasOwn(ATTRIBUTES, type as string);
}

function reduceChange(entry: Json): Json {
  const { address, previous_address, module_address, mode, type, name, index, deposed, change } = entry;
  const { actions, ...sides } = change as Json;
  const parts = ['before', 'after', 'after_unknown', 'before_sensitive', 'after_sensitive'];
  return {
    address,
    previous_address,
    module_address,
    mode,
    type,
    name,
    index,
    deposed,
    change: { actions, ...Object.fromEntries(parts.map((part) => [part, pick(sides[part], type as string)])) },
  };
}

/** The state of what was looked up, and of what a plan with -target leaves out. */
function stateOf(plan: Json): readonly Json[] {
  const changed = new Set((plan.resource_changes as readonly Json[]).map(({ address }) => address));
  return modulesOf(plan).flatMap(({ address, resources }) => {
    const read = ((resources ?? []) as readonly Json[])
      .filter(({ type, mode, address }) =>
        mode === 'data' ? type === 'aws_cloudwatch_log_groups' : isRead({ type, mode }) && !changed.has(address),
      )
      .map(({ values, sensitive_values, ...rest }) => ({
        ...rest,
        values: pick(values, rest.type as string),
        sensitive_values: pick(sensitive_values, rest.type as string),
      }));
    return read.length > 0 ? [{ address, resources: read }] : [];
  });
}

function modulesOf(plan: Json): readonly Json[] {
  const prior = plan.prior_state as { readonly values?: { readonly root_module?: Json } } | undefined;
  const modules: Json[] = [prior?.values?.root_module ?? {}];
  for (const { child_modules: inner = [] } of modules) modules.push(...(inner as readonly Json[]));
  return modules;
}

function reduceModule(module: Json | undefined): Json {
  const calls = Object.entries((module?.module_calls ?? {}) as Readonly<Record<string, Json>>);
  return {
    variables: pickKeys(module?.variables, INPUTS),
    module_calls: Object.fromEntries(
      calls.map(([name, call]) => [
        name,
        { expressions: pickKeys(call.expressions, INPUTS), module: reduceModule(call.module as Json) },
      ]),
    ),
  };
}

function pick(values: unknown, type: string): unknown {
  return pickKeys(values, ATTRIBUTES[type] ?? []);
}

function pickKeys(values: unknown, keys: readonly string[]): unknown {
  if (typeof values !== 'object' || values === null) return values;
  return Object.fromEntries(Object.entries(values).filter(([key]) => keys.includes(key)));
}
