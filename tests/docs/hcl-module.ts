import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { VERSION } from '../../function/version.ts';
import { FOLDERS } from '../../main.ts';
import { sourcesOf } from '../../tools/release/module-source.ts';
import type { Block } from './fences.ts';
import { argumentOf } from './instructions.ts';

const SOURCE_OF = sourcesOf(VERSION);

/** The modules of a release: source → folder of the build. */
const RELEASED: ReadonlyMap<string, string> = new Map([
  [SOURCE_OF(), FOLDERS.shipper],
  [SOURCE_OF('log-group'), FOLDERS.logGroup],
  [SOURCE_OF('loki'), FOLDERS.loki],
]);

/** A block of HCL as a module of a configuration. */
export interface HclModule {
  /** Text by name of file. */
  readonly files: Readonly<Record<string, string>>;
  /** Its provider blocks: a test mocks the root's providers, and no others. */
  readonly providers: string;
  /** Of the providers that it configures besides the usual one. */
  readonly aliases: readonly string[];
  /** Variables that have to be set. */
  readonly required: readonly string[];
  /** Which of its sources are none of a release. */
  readonly refused: readonly string[];
}

/**
 * @param folder where it is to be
 * @param dist with the built modules, which take the place of those of a release
 */
export function hclModule(block: Block, folder: string, dist: string): HclModule {
  const called = argumentOf(block, 'arguments of');
  const surroundings = argumentOf(block, 'with');
  const { text, refused } = builtSources(called ? callOf(called, block.text) : block.text, folder, dist);
  const providers = text.match(PROVIDERS) ?? [];
  const aliases = providers.flatMap((provider) => /^ *alias *= *"(\w+)"/m.exec(provider)?.[1] ?? []);
  const files = {
    'block.tf': text.replace(PROVIDERS, ''),
    'surroundings.tf': surroundings ? readFileSync(`tests/docs/surroundings/${surroundings}.tf`, 'utf8') : '',
    'aliases_override.tf.json': JSON.stringify(requiring(aliases)),
  };
  return { files, providers: providers.join('\n'), aliases, required: requiredVariables(files), refused };
}

const PROVIDERS = /^provider "\w+" \{(?:\}|\n[\s\S]*?^\})$/gm;

/** What a call of a module has to have, unless a block that is arguments of it has that already. */
const CALLS: Readonly<Record<string, { readonly source: string; readonly has: string; readonly unless: RegExp }>> = {
  loki_shipper: {
    source: SOURCE_OF(),
    has: 'loki_url = "https://loki.example.com"',
    unless: /^loki_(url|host)\b/m,
  },
  log_group: {
    source: SOURCE_OF('log-group'),
    has: 'name = "/aws/lambda/checkout"',
    unless: /^name\b/m,
  },
  loki: {
    source: SOURCE_OF('loki'),
    has: 'subnet_id = "subnet-0a1b2c3d"',
    unless: /^(subnet_id|create_vpc)\b/m,
  },
};

function callOf(name: string, text: string): string {
  const call = CALLS[name];
  if (!call)
    throw new Error(`There is no module ${name}: a block may be arguments of ${Object.keys(CALLS).join(', ')}.`);
  return `module "${name}" {\nsource = "${call.source}"\n${call.unless.test(text) ? '' : call.has}\n${text}}\n`;
}

function builtSources(text: string, folder: string, dist: string) {
  const refused: string[] = [];
  const built = text.replace(/^( *source *= *)"([^"]*)"/gm, (line, start: string, source: string) => {
    if (source.startsWith('hashicorp/')) return line;
    const module = RELEASED.get(source);
    if (!module)
      refused.push(`its source "${source}" is no module of the release: ${[...RELEASED.keys()].join(', ')}.`);
    return `${start}${JSON.stringify(relative(folder, join(dist, module ?? FOLDERS.shipper)))}`;
  });
  return { text: built, refused };
}

function requiring(aliases: readonly string[]): unknown {
  const aws = { source: 'hashicorp/aws', configuration_aliases: aliases.map((alias) => `aws.${alias}`) };
  return aliases.length ? { terraform: { required_providers: { aws } } } : {};
}

function requiredVariables(files: Readonly<Record<string, string>>): string[] {
  const variables = Object.values(files).flatMap((text) => [...text.matchAll(/^variable "(\w+)" \{([\s\S]*?)^\}/gm)]);
  return variables.flatMap(([, name = '', body = '']) => (/^ *default\b/m.test(body) ? [] : [name]));
}
