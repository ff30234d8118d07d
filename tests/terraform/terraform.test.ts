import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect } from 'chai';
import { FOLDERS } from '../../main.ts';
import { LogGroupModule } from '../../modules/log-group/index.ts';
import { LokiModule } from '../../modules/loki/index.ts';
import { newModuleApp } from '../../modules/module-stack.ts';
import { ShipperModule } from '../../modules/shipper/index.ts';
import { build } from '../../tools/build.ts';
import { EXAMPLES } from '../../tools/examples.ts';
import { runFolder } from '../../tools/local/folders.ts';
import { findTerraform, type Terraform } from '../../tools/local/terraform.ts';
import { orSkip } from '../support/parts.ts';
import * as LOG_GROUP from './log-group/refusals.ts';
import * as LOKI_FOUND from './loki/found.ts';
import * as LOKI from './loki/refusals.ts';
import { ACCEPTED, FOUND_REFUSALS, REFUSALS } from './refusals.ts';
import { rounds, testOf } from './rounds.ts';
import { type Outcome, runName, runTests } from './run-tests.ts';

const HERE = 'tests/terraform';
const REGION = { aws_region: { id: 'eu-central-1' } };
const MODULES = [
  {
    title: 'module',
    published: FOLDERS.shipper,
    tests: HERE,
    module: new ShipperModule(newModuleApp()).toModule(),
    refusals: REFUSALS,
    foundRefusals: FOUND_REFUSALS,
    accepted: ACCEPTED,
    given: {
      inputs: { loki_url: 'https://loki.example.com' },
      found: { ...REGION, aws_caller_identity: { account_id: '123456789012' }, aws_partition: { partition: 'aws' } },
    },
  },
  {
    title: 'module log-group',
    published: FOLDERS.logGroup,
    tests: `${HERE}/log-group`,
    module: new LogGroupModule(newModuleApp()).toModule(),
    refusals: LOG_GROUP.REFUSALS,
    foundRefusals: LOG_GROUP.FOUND_REFUSALS,
    accepted: LOG_GROUP.ACCEPTED,
    given: {
      inputs: { name: '/aws/lambda/fun-checkout' },
      found: { ...REGION, aws_ssm_parameters_by_path: LOG_GROUP.installations({ 'loki-shipper': 1 }) },
    },
  },
  {
    title: 'module loki',
    published: FOLDERS.loki,
    tests: `${HERE}/loki`,
    module: new LokiModule(newModuleApp()).toModule(),
    refusals: LOKI.REFUSALS,
    foundRefusals: LOKI_FOUND.FOUND_REFUSALS,
    accepted: LOKI.ACCEPTED,
    given: { inputs: { subnet_id: 'subnet-1' }, found: LOKI_FOUND.FOUND },
  },
];

describe('Terraform', function () {
  this.timeout(600_000);
  let terraform: Terraform;
  let folder: string;

  before(async function () {
    terraform = await orSkip(this, findTerraform);
    folder = runFolder();
    await build(`${folder}/dist`);
    cpSync('examples', `${folder}/examples`, { recursive: true, filter: isSource });
  });

  async function succeeds(cwd: string, ...args: readonly string[]): Promise<void> {
    const { status, stdout, stderr } = await terraform.run(args, { cwd });
    expect(status, `terraform ${args.join(' ')}:\n${stdout}${stderr}`).to.equal(0);
  }

  for (const example of EXAMPLES)
    it(`validates examples/${example}`, async () => {
      await succeeds(`${folder}/examples/${example}`, 'init');
      await succeeds(`${folder}/examples/${example}`, 'validate');
    });

  // The folder of a caller is laid over the example of its name, or is a caller of its own.
  for (const caller of readdirSync(`${HERE}/callers`))
    it(`plans callers/${caller}`, async () => {
      const planned = `${folder}/planned/${caller}`;
      if (EXAMPLES.includes(caller)) cpSync(`examples/${caller}`, planned, { recursive: true, filter: isSource });
      cpSync(`${HERE}/callers/${caller}`, planned, { recursive: true });
      await succeeds(planned, 'init');
      await succeeds(planned, 'test');
    });

  it('finds the examples and tests formatted', async () => {
    await succeeds('.', 'fmt', '-check', '-diff', '-recursive', 'examples');
    await succeeds('.', 'fmt', '-check', '-diff', '-recursive', HERE);
  });

  for (const { title, published, tests, module, refusals, foundRefusals, accepted, given } of MODULES)
    describe(`tests the built ${title}`, () => {
      const files = readdirSync(tests).filter((file) => file.endsWith('.tftest.hcl'));
      const { variable: variables } = module;
      const rounded = { refused: rounds(refusals, variables), accepted: rounds(accepted, variables) };
      let tested: string;
      let outcomes: ReadonlyMap<string, Outcome>;

      before(async () => {
        tested = `${folder}/tested/${title}`;
        cpSync(`${folder}/dist/${published}`, tested, { recursive: true });
        mkdirSync(`${tested}/tests`);
        for (const file of files) cpSync(`${tests}/${file}`, `${tested}/tests/${file}`);
        for (const [kind, cases] of Object.entries(rounded))
          for (const [i, round] of cases.entries())
            writeFileSync(`${tested}/tests/${kind}-${i}.tftest.json`, testOf(round, given));
        for (const [i, { found, ...refusal }] of foundRefusals.entries()) {
          const there = { ...given, found: { ...given.found, ...found } };
          writeFileSync(`${tested}/tests/found-${i}.tftest.json`, testOf([refusal], there));
        }
        await succeeds(tested, 'init');
        outcomes = await runTests(terraform, tested);
      });

      it('as valid, and the tests with it', () => succeeds(tested, 'validate'));

      function outcomeOf(file: string, run: string): Outcome {
        return outcomes.get(runName(file, run)) ?? { status: 'not run', errors: [] };
      }
      const sentencesOfRound = (i: number) => sentencesOf(outcomeOf(`refused-${i}.tftest.json`, 'plan'));

      for (const file of files) {
        const runs = readFileSync(`${tests}/${file}`, 'utf8').matchAll(/^run "(\w+)"/gm);
        describe(file, () => {
          for (const [, run = ''] of runs)
            it(run.replaceAll('_', ' '), () => {
              const { status, errors } = outcomeOf(file, run);
              expect(status, errors.join('\n')).to.equal('pass');
            });
        });
      }

      describe('whose plan refuses', () => {
        for (const [i, round] of rounded.refused.entries())
          for (const { what, says } of round)
            it(what, () => {
              const sentences = sentencesOfRound(i);
              expect(sentences.filter((sentence) => says.test(sentence))).to.have.length(1, sentences.join('\n'));
            });

        for (const [i, { what, says }] of foundRefusals.entries())
          it(what, () => {
            const sentences = sentencesOf(outcomeOf(`found-${i}.tftest.json`, 'plan'));
            expect(sentences).to.have.length(1, sentences.join('\n'));
            expect(sentences[0]).to.match(says);
          });

        it('nothing for two reasons at once', () => {
          for (const [i, round] of rounded.refused.entries()) {
            const others = sentencesOfRound(i).filter((sentence) => !round.some(({ says }) => says.test(sentence)));
            expect(others).to.deep.equal([]);
          }
        });

        it('something by each of its rules', () => {
          const sentences = rounded.refused.flatMap((_, i) => sentencesOfRound(i));
          const rules = Object.values(variables)
            .flatMap(({ validation = [] }) => validation)
            .map(({ error_message }) => error_message.split('${', 1).join());
          const untried = rules.filter((rule) => !sentences.some((sentence) => sentence.startsWith(rule)));
          expect(untried).to.deep.equal([]);
        });
      });

      describe('whose plan accepts', () => {
        for (const [i, round] of rounded.accepted.entries())
          for (const { what } of round)
            it(what, () => {
              const { status, errors } = outcomeOf(`accepted-${i}.tftest.json`, 'plan');
              expect(status, errors.join('\n')).to.equal('pass');
            });
      });
    });
});

/** Without what Terraform adds about where the rule stands. */
function sentencesOf({ errors }: Outcome): string[] {
  return errors.map((error) => error.split('\n\nThis was checked by', 1).join());
}

/** Not what Terraform writes when somebody tries an example where it is. */
function isSource(path: string): boolean {
  return !basename(path).startsWith('.terraform') && !/\.tfstate/.test(path);
}
