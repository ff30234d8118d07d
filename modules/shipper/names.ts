import { hcl } from '../hcl.ts';

export const FUNCTIONS = ['shipper', 'registrar'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** What the module's resources are called in AWS, from `var.name`: templates, to be put between quotes. */
export const functionName = (of: FunctionName) => `\${var.name}-${of}`;
export const ownLogGroup = (of: FunctionName) => `/aws/lambda/${functionName(of)}`;
/** Roles are global: the region tells the installations of one account apart. */
export const roleName = (of: FunctionName | 'scheduler') => `\${var.name}-${of}-\${local.region}`;
/** Bucket names are unique in the world. */
export const BUCKET = `\${var.name}-\${local.account_id}-\${local.region}`;
/** Before the keys of what the registrar keeps in the bucket. */
export const REGISTRY = 'registry/';
/** The path of the SSM parameters by which other stacks find an installation by its name. */
export const INSTALLATIONS = '/loki-shipper';

export const OWN_LOG_GROUPS = hcl`[${FUNCTIONS.map((of) => `"${ownLogGroup(of)}"`).join(', ')}]`;

/** Whether a log group (an expression) matches an exclusion, in which `*` stands for any characters. */
export function isExcluded(logGroup: string): string {
  return hcl`anytrue([for pattern in var.excluded_log_groups :
    can(regex("^\${replace(replace(pattern, ".", "\\."), "*", ".*")}$", ${logGroup}))])`;
}
