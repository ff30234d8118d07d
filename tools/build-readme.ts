import type { BlocksJson, ModuleJson } from '../modules/module-json.ts';

/** The README of the published module. */
export function moduleReadme(module: ModuleJson): string {
  return `# loki-shipper

Ships the CloudWatch logs of an AWS account to Grafana Loki, labelled by the tags of their log groups.

\`\`\`hcl
module "loki_shipper" {
  source   = "…" # this folder
  loki_url = "https://loki.example.com"

  log_groups = {
    "/aws/lambda/fun-checkout" = { tags = { owner = "checkout", language = "python" } }
  }
  log_group_prefixes = ["/aws/lambda/fun-"]
  labels             = { from_tags = ["owner", "language"], static = { env = "prod" } }
}
\`\`\`

The caller configures the provider. A call must not have \`depends_on\`: Terraform would then look the prefixes up at apply, when it is too late to know which subscription filters there will be.

${moduleTables(module)}
## Resources

${table(
  ['Address'],
  [...addresses(module.resource), ...addresses(module.data, 'data.')].map((address) => [code(address)]),
)}
## License

Apache-2.0: see LICENSE.
`;
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

function addresses(blocks: BlocksJson, prefix = ''): string[] {
  return Object.entries(blocks)
    .flatMap(([type, names]) => Object.keys(names).map((name) => `${prefix}${type}.${name}`))
    .sort();
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return [head, head.map(() => '---'), ...rows].map(line).join('');
}

function code(text: string): string {
  return `\`${text}\``;
}
