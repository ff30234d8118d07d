import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Result } from '../../tools/local/commands.ts';
import type { Terraform } from '../../tools/local/terraform.ts';
import { installations } from '../terraform/log-group/refusals.ts';
import { FOUND } from '../terraform/loki/found.ts';
import { runName, runTests } from '../terraform/run-tests.ts';
import type { Block } from './fences.ts';
import { type HclModule, hclModule } from './hcl-module.ts';

/** What the modules and the blocks look up in a mocked account, by type. */
const ACCOUNT = {
  ...FOUND,
  aws_cloudwatch_log_groups: { log_group_names: ['/aws/lambda/fun-checkout', '/aws/lambda/fun-invoice'] },
  aws_ssm_parameters_by_path: installations({ 'loki-shipper': 1 }),
};

/** What is wrong with a block, in Terraform's words; nothing where all is right. */
export type Problems = (block: Block) => readonly string[];

/**
 * Has Terraform format, validate and plan all blocks at once, each as a module of its own, in a mocked
 * account: one start of Terraform for all.
 *
 * @param root folder for that configuration
 * @param dist with the built modules
 */
export async function tryHcl(
  blocks: readonly Block[],
  terraform: Terraform,
  root: string,
  dist: string,
): Promise<Problems> {
  const tried = blocks.map((block, i) => {
    const name = `block_${i}_`;
    return { name, block, ...hclModule(block, join(root, name), dist) };
  });
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  for (const { name, block, files, providers } of tried) {
    write(`as-written/${name}.tf`, block.text);
    for (const [file, text] of Object.entries(files)) write(`${name}/${file}`, text);
    write(`${name}providers/main.tf`, providers);
  }
  write('main.tf.json', JSON.stringify(providersOf(tried)));
  write('tests/blocks.tftest.json', JSON.stringify(testOf(tried)));

  const run = (...args: readonly string[]) => terraform.run(args, { cwd: root });
  const unformatted = (await run('fmt', '-list=true', '-write=false', 'as-written')).stdout;
  await must(run('init'));
  await must(run('validate', '-no-tests'));
  const outcomes = await runTests(terraform, root);

  return (block) => {
    const { name, refused } = tried.find((one) => one.block === block) ?? { name: '', refused: [] };
    const { status, errors } = outcomes.get(runName('blocks.tftest.json', name)) ?? { status: 'not run', errors: [] };
    const planned = status === 'pass' ? [] : [`its plan ends with ${status}.`, ...errors];
    return [
      ...refused,
      ...planned,
      ...(unformatted.includes(`${name}.tf`) ? ['it is not as terraform fmt writes it.'] : []),
    ];
  };
}

type Tried = HclModule & { readonly name: string };

/** A configuration of nothing but providers: those of the blocks are valid where it is. */
function providersOf(modules: readonly Tried[]): unknown {
  const region = 'eu-central-1';
  return {
    terraform: { required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.100.0' } } },
    provider: { aws: [{ region }, ...aliasesOf(modules).map((alias) => ({ alias, region }))] },
    module: Object.fromEntries(
      modules
        .filter(({ providers }) => providers)
        .map(({ name }) => [`${name}providers`, { source: `./${name}providers` }]),
    ),
  };
}

const aliasesOf = (modules: readonly Tried[]) => [...new Set(modules.flatMap(({ aliases }) => aliases))];

/** Plans each block by a run of its own: one plan of all takes longer, as its graph has thousands of nodes. */
function testOf(modules: readonly Tried[]): unknown {
  const mock_data = Object.fromEntries(Object.entries(ACCOUNT).map(([type, defaults]) => [type, { defaults }]));
  const runs = modules.map(({ name, required, aliases }) => [
    name,
    {
      command: 'plan',
      module: { source: `./${name}` },
      variables: Object.fromEntries(required.map((variable) => [variable, null])),
      providers: Object.fromEntries(['aws', ...aliases.map((alias) => `aws.${alias}`)].map((one) => [one, one])),
    },
  ]);
  return {
    mock_provider: { aws: [{ mock_data }, ...aliasesOf(modules).map((alias) => ({ alias, mock_data }))] },
    run: Object.fromEntries(runs),
  };
}

/** @throws Error with Terraform's words, where a command fails */
async function must(running: Promise<Result>): Promise<void> {
  const { status, stdout, stderr } = await running;
  if (status !== 0) throw new Error(`Terraform does not try the blocks:\n${stdout}${stderr}`);
}
