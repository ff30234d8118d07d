import { expect } from 'chai';
import { InvalidPlan, parsePlan } from '../../../cli/preview/plan.ts';
import { readText } from '../../../cli/preview/value.ts';
import { planOf, planText } from './planned.ts';

const ADVICE = 'give what `terraform show -json FILE` prints of the FILE that `terraform plan -out=FILE` wrote.';
const BUCKET = { address: 'aws_s3_bucket.storage', mode: 'managed', type: 'aws_s3_bucket', name: 'storage' };
const changed = (change: unknown, entry = {}) => ({ ...BUCKET, ...entry, change });

describe('A plan', () => {
  const REFUSED: Readonly<Record<string, readonly [text: string, says: string]>> = {
    'that is empty': [' \n', `plan.json is empty: ${ADVICE}`],
    "in Terraform's own format": ['PK\u0003\u0004', `plan.json is a plan in Terraform's own format: ${ADVICE}`],
    'that is no JSON': ['Terraform will perform', `plan.json is no JSON: ${ADVICE}`],
    'that is cut off': ['{"format_version":"1.2","res', `plan.json is no JSON: ${ADVICE}`],
    'that is the log of planning': [
      '{"@level":"info"}\n{"@level":"info"}\n',
      `plan.json is what \`terraform plan -json\` logs, not a plan: ${ADVICE}`,
    ],
    'that is a list': ['[]', `plan.json is no plan of Terraform: ${ADVICE}`],
    'that is another object': ['{"a":1}', `plan.json is no plan of Terraform: ${ADVICE}`],
    'that is a state, as it is shown': [
      '{"format_version":"1.0","terraform_version":"1.11.4","values":{"root_module":{}}}',
      `plan.json is a state, not a plan: ${ADVICE}`,
    ],
    'that is an empty state': ['{"format_version":"1.0"}', `plan.json is no plan of Terraform: ${ADVICE}`],
    'that is a state, as it is stored': [
      '{"version":4,"serial":1,"lineage":"x","resources":[]}',
      `plan.json is a state, not a plan: ${ADVICE}`,
    ],
    'of another format': [
      planText([], { format_version: '2.0' }),
      'plan.json has the format version "2.0", of which this version reads 1.x only: update loki-shipper.',
    ],
    'of no format': [
      planText([], { format_version: '1.2\n'.repeat(50) }),
      'plan.json has the format version "1.2\\n1.2\\n1.2\\n1.2\\n1.2\\n", of which this version reads 1.x only: update loki-shipper.',
    ],
    'with other changes': [
      planText([], { resource_changes: {} }),
      `plan.json is no plan of Terraform, because its resource_changes is no list: ${ADVICE}`,
    ],
    'with a change that is none': [
      planText([null as never]),
      `plan.json is no plan of Terraform, because its resource_changes[0] is no object: ${ADVICE}`,
    ],
    'with a change of nothing': [
      planText([{ address: 'a' }]),
      `plan.json is no plan of Terraform, because its resource_changes[0] has no type: ${ADVICE}`,
    ],
    'with a change without an address': [
      planText([{ type: 'aws_s3_bucket', change: { actions: ['no-op'] } }]),
      `plan.json is no plan of Terraform, because its resource_changes[0] has no address: ${ADVICE}`,
    ],
    'with a resource without a change': [
      planText([BUCKET]),
      `plan.json is no plan of Terraform, because its resource_changes[0] has no change with actions: ${ADVICE}`,
    ],
    'with actions that are no texts': [
      planText([changed({ actions: [{ toString: true }] })]),
      `plan.json is no plan of Terraform, because its resource_changes[0] has no change with actions: ${ADVICE}`,
    ],
    'with actions that are not known': [
      planText([changed({ actions: ['hide'] })]),
      `plan.json is no plan of Terraform, because its resource_changes[0] has the actions "hide", which this version does not know: ${ADVICE}`,
    ],
  };
  for (const [what, [text, says]] of Object.entries(REFUSED))
    it(`${what} is refused in a sentence`, () => {
      expect(() => parsePlan(text, 'plan.json')).to.throw(InvalidPlan, new RegExp(`^${escaped(says)}$`));
    });

  it('of formats to come is read, with what is new in it', () => {
    expect(planOf([changed({ actions: ['no-op'], after: {}, news: 1 })], { format_version: '1.99', news: {} }))
      .to.have.property('resources')
      .with.length(1);
  });

  it('without resources is one', () => {
    const { resources, complete, succeeded, terraform } = parsePlan('{"format_version":"1.0","planned_values":{}}', '');
    expect({ resources, complete, succeeded, terraform }).to.deep.equal({
      resources: [],
      complete: true,
      succeeded: true,
      terraform: null,
    });
  });

  it('tells whether it is the whole, and whether planning succeeded', () => {
    expect(planOf([], { complete: false, errored: true })).to.include({ complete: false, succeeded: false });
  });

  const ACTIONS: Readonly<Record<string, string>> = {
    'no-op': 'none',
    create: 'create',
    update: 'update',
    delete: 'delete',
    'delete,create': 'replace',
    'create,delete': 'replace',
    forget: 'forget',
    'create,forget': 'update',
  };
  for (const [actions, change] of Object.entries(ACTIONS))
    it(`calls the actions ${actions} ${change}`, () => {
      const [resource] = planOf([changed({ actions: actions.split(','), before: {}, after: {} })]).resources;
      expect(resource).to.include({ change, createdFirst: actions === 'create,delete' });
    });

  it('keeps what Terraform only forgets', () => {
    const [resource] = planOf([changed({ actions: ['forget'], before: { bucket: 'b' }, after: null })]).resources;
    expect(resource?.after && readText(resource.after, 'bucket')).to.deep.equal({ known: 'b' });
  });

  it('leaves out data, resources of other types, and what was left over when a replacement failed', () => {
    expect(
      planOf([
        changed({ actions: ['read'] }, { mode: 'data' }),
        { address: 'x.y', type: 'x', change: 'other' },
        changed({ actions: ['delete'] }, { deposed: '00000001' }),
      ]).resources,
    ).to.deep.equal([]);
  });

  it('has resources by address, with those of the state that a plan with -target leaves out', () => {
    const state = (address: string, name: string) => ({ ...BUCKET, address, name, values: { bucket: name } });
    const { resources } = planOf(
      [changed({ actions: ['no-op'], before: {}, after: {} }, { address: 'module.b.aws_s3_bucket.storage' })],
      {
        prior_state: {
          values: {
            root_module: {
              resources: [state('aws_s3_bucket.other', 'other'), { ...state('data.x', 'x'), mode: 'data' }, null],
              child_modules: [
                {
                  address: 'module.b',
                  resources: [state('module.b.aws_s3_bucket.storage', 'storage')],
                  child_modules: [
                    { address: 'module.b.module.c', resources: [state('module.b.module.c.aws_s3_bucket.s', 's')] },
                  ],
                },
              ],
            },
          },
        },
      },
    );
    expect(resources.map(({ address, module, change }) => [address, module, change])).to.deep.equal([
      ['aws_s3_bucket.other', '', 'none'],
      ['module.b.aws_s3_bucket.storage', '', 'none'],
      ['module.b.module.c.aws_s3_bucket.s', 'module.b.module.c', 'none'],
    ]);
  });

  it('does not take a resource that was moved for two', () => {
    const moved = { previous_address: 'aws_s3_bucket.old' };
    const state = { ...BUCKET, address: 'aws_s3_bucket.old', values: {} };
    const { resources } = planOf([changed({ actions: ['no-op'], before: {}, after: {} }, moved)], {
      prior_state: { values: { root_module: { resources: [state] } } },
    });
    expect(resources.map(({ address }) => address)).to.deep.equal(['aws_s3_bucket.storage']);
  });
});

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
