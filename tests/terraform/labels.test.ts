import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { labelsOf } from '../../function/labels/labels-of.ts';
import { parseLabelPolicy } from '../../function/labels/policy.ts';
import type { Tags } from '../../function/labels/stream.ts';
import { ModuleStack, newModuleApp } from '../../modules/module-stack.ts';
import { LABELS_TYPE, labelValidations } from '../../modules/shipper/label-rules.ts';
import { defineLabels } from '../../modules/shipper/labels.ts';
import { runFolder } from '../../tools/local/folders.ts';
import { findTerraform, type Terraform } from '../../tools/local/terraform.ts';
import { anyLabels, anyTags, fitsTogether, type LabelsInput } from '../support/label-policies.ts';
import { orSkip } from '../support/parts.ts';

const SEED = Date.now();
const ROUNDS = 4;
const GROUPS = 80;
const OWNER = '123456789012';
const REGION = 'eu-central-1';

/** A policy for all log groups, those of some prefixes, and the log groups. */
interface Round {
  readonly labels: LabelsInput & { readonly by_prefix: Readonly<Record<string, LabelsInput>> };
  readonly log_groups: Readonly<Record<string, { readonly tags: Tags }>>;
}

/** What the module makes of it. */
interface Outputs {
  readonly policy: { readonly value: string };
  readonly labels: { readonly value: Readonly<Record<string, Readonly<Record<string, string>>>> };
  readonly left_out: { readonly value: Readonly<Record<string, readonly string[]>> };
}

describe(`The labels of the module's outputs (seed ${SEED})`, function () {
  this.timeout(120_000);
  let terraform: Terraform;
  let folder: string;

  before(async function () {
    terraform = await orSkip(this, findTerraform);
    folder = runFolder();
    writeFileSync(`${folder}/main.tf.json`, JSON.stringify(labelsModule(), null, 2));
    await succeeds('init');
  });

  for (const [i, round] of fc.sample(anyRound(), { numRuns: ROUNDS, seed: SEED }).entries())
    it(`are those of the streams for ${GROUPS} log groups under policies of many kinds, round ${i}`, async () => {
      writeFileSync(`${folder}/terraform.tfvars.json`, JSON.stringify(round));
      await succeeds('apply', '-auto-approve');
      const { policy, labels, left_out } = JSON.parse(await succeeds('output', '-json')) as Outputs;

      const problems: string[] = [];
      const parsed = parseLabelPolicy(JSON.parse(policy.value), problems);
      expect(problems).to.deep.equal([]);
      for (const [logGroup, { tags }] of Object.entries(round.log_groups)) {
        const shipped = labelsOf({ logGroup, owner: OWNER, region: REGION }, tags, parsed);
        const what = JSON.stringify({ logGroup, tags, labels: round.labels });
        expect(labels.value[logGroup], what).to.deep.equal(
          Object.fromEntries(shipped.labels.map(({ name, value }) => [name, value])),
        );
        expect(left_out.value[logGroup], what).to.deep.equal(shipped.leftOut.map(({ tag }) => tag).sort());
      }
    });

  async function succeeds(...args: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await terraform.run(args, { cwd: folder });
    expect(status, `terraform ${args.join(' ')}:\n${stdout}${stderr}`).to.equal(0);
    return stdout;
  }
});

/** The part of the module that makes labels: without a provider, so that it takes a second, and without limits of AWS. */
function labelsModule(): object {
  const module = new ModuleStack(newModuleApp(), 'labels');
  module.requireTerraform('>= 1.9.0');
  module.variable('labels', { description: '', type: LABELS_TYPE, validation: labelValidations() });
  module.variable('log_groups', { description: '', type: 'map(object({ tags = map(string) }))' });
  module.local('log_groups', 'var.log_groups');
  module.local('account_id', JSON.stringify(OWNER));
  module.local('region', JSON.stringify(REGION));
  defineLabels(module);
  module.output('policy', { description: '', value: 'jsonencode(var.labels)' });
  module.output('labels', { description: '', value: 'local.labels' });
  module.output('left_out', { description: '', value: 'local.labels_left_out' });
  const { variable, locals, output } = module.toTerraform();
  return { variable, locals, output };
}

function anyRound(): fc.Arbitrary<Round> {
  const own = fc.array(fc.tuple(anyLabels, anyTags), { minLength: GROUPS, maxLength: GROUPS });
  return fc.tuple(anyLabels.filter(fitsTogether), own).map(([labels, cases]) => {
    const names = cases.map((_, i) => `/${i % 60}/${i % 7 ? '' : 'deeper/'}group-${i}${i % 9 ? '' : '/'}`);
    const prefixes = names.map((name, i) =>
      i % 5 ? name.slice(0, -1 - (i % 3)) : name.slice(0, name.indexOf('/', 1) + 1),
    );
    return {
      labels: {
        ...labels,
        by_prefix: Object.fromEntries(
          cases.flatMap(([own], i) => (i % 4 && fitsTogether({ ...labels, ...own }) ? [[prefixes[i], own]] : [])),
        ),
      },
      log_groups: Object.fromEntries(cases.map(([, tags], i) => [names[i], { tags }])),
    };
  });
}
