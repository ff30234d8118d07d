import type { BlocksJson, ModuleJson } from '../modules/module-json.ts';

/** What a caller writes as `source` of the root module, or of another one of it. */
export type SourceOf = (module?: 'log-group' | 'loki') => string;

/** What is in no release has no address yet. */
export const UNRELEASED: SourceOf = (module) => (module ? `…//modules/${module}` : '…');

/** The README of the published root module. */
export function moduleReadme(module: ModuleJson, sourceOf = UNRELEASED): string {
  return `# loki-shipper

Ships the CloudWatch logs of an AWS account to Grafana Loki, labelled by the tags of their log groups.

\`\`\`hcl
module "loki_shipper" {
  source   = "${sourceOf()}"
  loki_url = "https://loki.example.com"

  log_groups = {
    "/aws/lambda/fun-checkout" = { tags = { owner = "checkout", language = "python" } }
  }
  log_group_prefixes = ["/aws/lambda/fun-"]
  labels             = { from_tags = ["owner", "language"], static = { env = "prod" } }
}
\`\`\`

The caller configures the provider. A call must not have \`depends_on\`: Terraform would then look the prefixes up at apply, when it is too late to know which subscription filters there will be.

The stacks of applications attach their own log groups with the module in [modules/log-group](modules/log-group). A Loki on an instance of its own is [modules/loki](modules/loki), by itself or with \`loki_host\`.

${moduleTables(module)}
${moduleResources(module)}
## License

Apache-2.0: see LICENSE.
`;
}

/** The README of the published module `log-group`. */
export function logGroupReadme(module: ModuleJson, sourceOf = UNRELEASED): string {
  return `# log-group

A log group that a loki-shipper ships, for the stack of an application: it creates the log group, or attaches to one that is there, and hands on what is known of its writer.

\`\`\`hcl
module "log_group" {
  source   = "${sourceOf('log-group')}"
  for_each = local.functions

  name              = "/aws/lambda/\${each.key}"
  retention_in_days = 30
  tags              = { owner = "checkout", sut = "orders", language = each.value.language }
  claimant          = "checkout-service"
}

resource "aws_lambda_function" "this" {
  for_each      = local.functions
  function_name = each.key
  logging_config {
    log_format = "JSON"
    log_group  = module.log_group[each.key].log_group_name # shipped before the first line
  }
  # …
}
\`\`\`

- **Which loki-shipper**: the one of the name \`shipper\` in the account and region of the provider. Its module publishes what is needed as the SSM parameter \`/loki-shipper/<name>\`; the state of its stack is not needed.
- **Shared log groups**: a log group has one subscription filter of a shipper, however many ask for it. It is unsubscribed when the last one no longer does. The filter pattern and the values of tags are those of who asked first; what the module of the shipper says of a log group goes before. \`loki-shipper status\` shows who asks for what.
- **Tags** are written by the registrar, also those that the shipper's module gives to all log groups, and removed with the input. The log group ignores changes of its tags, so that a plan does not undo them. \`default_tags\` of the provider are written once, at the creation.
- **When the shipper goes first**: its destruction unsubscribes everything. Then \`terraform state rm 'ADDRESS.aws_lambda_invocation.attachment'\` before this stack is destroyed, as there is nobody left to tell. When a shipper is installed anew under its name, the next apply of this stack attaches the log group again.

## Permissions

Who applies it needs, besides what its state needs:

${table(
  ['Actions', 'On', 'For'],
  LOG_GROUP_PERMISSIONS.map(({ actions, on, why }) => [actions.map(code).join(', '), on.map(code).join(', '), why]),
)}
Nothing on the shipper's function, its role or its bucket. Who may invoke the registrar may attach and detach any log group of the account and region.

${moduleTables(module)}
${moduleResources(module)}`;
}

/** What the module `log-group` asks of who applies it; a test applies it with these and no others. */
export const LOG_GROUP_PERMISSIONS: readonly {
  readonly actions: readonly string[];
  readonly on: readonly string[];
  readonly why: string;
}[] = [
  {
    actions: ['ssm:GetParametersByPath'],
    on: ['arn:aws:ssm:REGION:ACCOUNT:parameter/loki-shipper'],
    why: 'to find the shipper',
  },
  {
    actions: ['lambda:InvokeFunction'],
    on: ['arn:aws:lambda:REGION:ACCOUNT:function:loki-shipper-registrar'],
    why: 'to attach and to detach',
  },
  {
    actions: ['logs:CreateLogGroup', 'logs:DeleteLogGroup', 'logs:PutRetentionPolicy', 'logs:DeleteRetentionPolicy'],
    // AWS documents the form with :* for all but tags, and yet may ask for a creation on the other.
    on: ['arn:aws:logs:REGION:ACCOUNT:log-group:NAME', 'arn:aws:logs:REGION:ACCOUNT:log-group:NAME:*'],
    why: 'with `create_log_group`',
  },
  {
    actions: ['logs:ListTagsForResource'],
    on: ['arn:aws:logs:REGION:ACCOUNT:log-group:NAME'],
    why: 'with `create_log_group`; for `default_tags` of the provider also `logs:TagResource`',
  },
  {
    actions: ['logs:DescribeLogGroups'],
    on: ['*'],
    why: 'with `create_log_group`',
  },
];

/** What a module is made of: providers, other modules and the addresses of its own, as headings and tables of Markdown. */
export function moduleResources({ terraform, module = {}, resource, data }: ModuleJson): string {
  return `## Providers

${table(
  ['Name', 'Version'],
  providersOf(resource, data).map((name) => [name, code(terraform.required_providers[name]?.version ?? 'built in')]),
)}
## Modules

${
  Object.keys(module).length === 0
    ? 'No modules.\n'
    : table(
        ['Name', 'Source'],
        Object.entries(module).map(([name, { source }]) => [code(name), `[${source}](${source})`]),
      )
}
## Resources

${table(
  ['Address'],
  [...addresses(resource), ...addresses(data, 'data.')].map((address) => [code(address)]),
)}`;
}

/** Requirements, inputs and outputs of a module, as headings and tables of Markdown. */
export function moduleTables({ terraform, variable, output }: ModuleJson): string {
  const requirements = [
    ['terraform', terraform.required_version],
    ...Object.values(terraform.required_providers).map(({ source, version }) => [source, version]),
  ];
  return `## Requirements

${table(
  ['Name', 'Version'],
  requirements.map(([name = '', version = '']) => [name, code(version)]),
)}
## Inputs

${table(
  ['Name', 'Description', 'Type', 'Default'],
  Object.entries(variable).map(([name, { description, type, default: fallback }]) => [
    code(name),
    description,
    code(type),
    fallback === undefined ? 'required' : code(JSON.stringify(fallback)),
  ]),
)}
## Outputs

${table(
  ['Name', 'Description'],
  Object.entries(output).map(([name, { description }]) => [code(name), description]),
)}`;
}

/** Names of the providers whose resources there are: a type begins with it. */
function providersOf(...blocks: readonly BlocksJson[]): string[] {
  return [...new Set(blocks.flatMap(Object.keys).map((type) => type.split('_', 1).join()))].sort();
}

function addresses(blocks: BlocksJson, prefix = ''): string[] {
  return Object.entries(blocks)
    .flatMap(([type, names]) => Object.keys(names).map((name) => `${prefix}${type}.${name}`))
    .sort();
}

/** A table of Markdown, with a line break at its end. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return [head, head.map(() => '---'), ...rows].map(line).join('');
}

/** A text as code of Markdown. */
export function code(text: string): string {
  return `\`${text}\``;
}
