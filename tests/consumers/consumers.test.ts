import { expect } from 'chai';
import { MissingPart } from '../../tools/local/missing-part.ts';
import { type Stack, startStack } from '../../tools/local/stack.ts';
import { findTerraform, type Terraform } from '../../tools/local/terraform.ts';
import { TERRAFORM_VERSIONS, type TerraformVersion } from '../../tools/local/terraform-versions.ts';
import { wordsOf } from '../e2e/configuration.ts';
import { orSkip } from '../support/parts.ts';
import { atOnce } from './at-once.ts';
import { CASES, type Case, EACH_VERSION } from './cases.ts';
import { Consumer } from './consumer.ts';
import { GitSource, sourceOf } from './git-source.ts';
import { inventoryOf } from './inventory.ts';
import { type Row, tableOf } from './table.ts';

const { lowest, newest, opentofu, refused } = TERRAFORM_VERSIONS;
const INSTALLED: TerraformVersion = { title: 'as installed', find: findTerraform };

/** Of an apply most of the time is spent waiting for S3. */
const AT_ONCE = 3;

const REFUSED: Case = {
  title: 'required_version refuses what is too old',
  async run(consumer) {
    const configuration = consumer.configuration({ module: { loki_shipper: { source: sourceOf() } } });
    const words = await wordsOf(configuration.init());
    expect(words).to.match(
      /Module module\.loki_shipper \(from git::\S+\) does not support Terraform version 1\.8\.4\./,
    );
  },
};

const TRIED: readonly { readonly tried: Case; readonly version: TerraformVersion }[] = [
  ...CASES.map((tried) => ({ tried, version: INSTALLED })),
  ...[lowest, newest, opentofu].map((version) => ({ tried: EACH_VERSION, version })),
  { tried: REFUSED, version: refused },
];

describe('Consumers of the module, who have it from git', function () {
  this.timeout(1_200_000);
  let stack: Stack;
  let source: GitSource;
  let programs: readonly (Terraform | Error)[];
  let outcomes: readonly Promise<void>[];
  const rows: Row[] = [];

  before(async function () {
    stack = await orSkip(this, () => startStack(console.error, { ec2: true }));
    stack.gateway.takeAnyPattern();
    source = await GitSource.make(`${stack.folder}/loki-shipper.git`);
    programs = await Promise.all(TRIED.map(({ version }) => found(version)));
    outcomes = atOnce(
      AT_ONCE,
      TRIED.map(
        ({ tried }, i) =>
          () =>
            tryOut(tried, programs[i], `1111222233${String(i).padStart(2, '0')}`),
      ),
    );
  });

  after(async () => {
    await Promise.allSettled(outcomes ?? []);
    await stack?.stop();
    console.log(`\n${tableOf(rows)}\n`);
  });

  for (const [i, { tried, version }] of TRIED.entries())
    it(`${tried.title} (${version.title})`, async function () {
      const note = (result: string) => rows.push({ title: tried.title, version: named(version, programs[i]), result });
      try {
        await outcomes[i];
        note('passed');
      } catch (error) {
        const missing = error instanceof MissingPart && !process.env.CI;
        note(missing ? `not to be had here: ${error.message}` : 'failed');
        if (!missing) throw error;
        this.skip();
      }
    });

  async function tryOut(tried: Case, terraform: Terraform | Error | undefined, account: string): Promise<void> {
    if (!terraform || terraform instanceof Error) throw terraform;
    const consumer = new Consumer(stack, source, terraform, account);
    await tried.prepare?.(consumer);
    const before = await inventoryOf(consumer.client);
    await tried.run(consumer);
    const expected = [...before, ...(tried.leaves ?? [])].sort();
    expect(await inventoryOf(consumer.client)).to.deep.equal(expected);
  }
});

/** What cannot be had is said where it is needed, and keeps no other from being tried. */
function found(version: TerraformVersion): Promise<Terraform | Error> {
  return version.find(console.error).catch((error: Error) => error);
}

function named({ title }: TerraformVersion, program: Terraform | Error | undefined): string {
  return title === INSTALLED.title && program && 'version' in program ? `${program.version}, ${title}` : title;
}
