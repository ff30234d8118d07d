import { expect } from 'chai';
import { findCheckov } from '../../tools/local/checkov.ts';
import { type Stack, startStack } from '../../tools/local/stack.ts';
import { Aws } from '../e2e/aws.ts';
import type { Inputs } from '../e2e/deployment.ts';
import { expectGolden } from '../support/golden.ts';
import { orSkip } from '../support/parts.ts';
import { FakeApi, GITHUB } from './fake-api.ts';
import { actionOf, PLAN_POLICY, takeRole } from './plan-role.ts';
import { Platform } from './platform.ts';
import { type Outcome, runWorkflow } from './runners.ts';
import { requirePrograms } from './stand-ins.ts';
import { SYSTEMS } from './systems.ts';
import { type Claims, GITHUB_JOB, GITLAB_JOB } from './token.ts';

const CHECKOUT = '/aws/lambda/fun-checkout';
const INVOICE = '/aws/lambda/fun-invoice';
const LABEL = 'loses-logs-on-purpose';
const ROLE = 'arn:aws:iam::123456789012:role/loki-shipper-plan';

const INPUTS: Inputs = {
  loki_url: 'https://loki.example.com',
  log_groups: { [CHECKOUT]: { tags: { owner: 'checkout' } } },
  log_group_prefixes: ['/aws/lambda/fun-'],
  labels: { from_tags: ['owner'] },
  follow_on_creation: true,
  // No run of the schedule comes in between.
  registrar_interval_minutes: 60,
  force_destroy: true,
};

const HARMLESS: Inputs = { ...INPUTS, log_groups: { [CHECKOUT]: { tags: { owner: 'payments' } } } };
const LOSING: Inputs = { ...INPUTS, excluded_log_groups: [INVOICE] };

/** A parameter in the clear, which checkov excepts where it is the module's alone. */
const INSECURE: Inputs = {
  variable: { secret: { default: 'hush', sensitive: true } },
  resource: { aws_ssm_parameter: { installation: { name: '/team/x', type: 'String', value: '${var.secret}' } } },
};

/** Of a request there is one at any time. */
function commentOn({ comments, refusals }: FakeApi): string {
  expect(refusals).to.be.empty;
  expect(comments).to.have.length(1);
  return comments[0]?.body ?? '';
}

describe('A review of real plans', function () {
  this.timeout(600_000);
  let stack: Stack;
  let platform: Platform;
  /** Those of before the first review are of others. */
  let callsBefore: number;

  before(async function () {
    const checkov = await orSkip(this, async () => {
      requirePrograms();
      return findCheckov(console.error);
    });
    stack = await orSkip(this, startStack);
    for (const group of [CHECKOUT, INVOICE]) await new Aws(stack).createLogGroup(group);
    platform = await Platform.build(stack, checkov);
    await platform.apply(INPUTS);
    callsBefore = stack.gateway.calls.length;
  });

  after(() => stack?.stop());

  for (const { name, forge, run } of SYSTEMS)
    describe(`in ${name}`, () => {
      let api: FakeApi;

      before(async () => {
        api = new FakeApi(forge);
        await api.start();
      });

      after(() => api.stop());

      it('passes a change that loses nothing', async () => {
        const { passed, log } = await run(platform.surroundings(api, HARMLESS));
        expect(passed, log).to.equal(true);
        expect(commentOn(api)).to.include('**The review passes.**');
        expect(commentOn(api)).to.include('Applying this plan loses no logs, as far as it tells.');
        expect(commentOn(api)).to.include('| `owner` | `checkout` | `payments` |');
        expect(commentOn(api)).to.include('Finds nothing but what loki-shipper excepts');
      });

      it('fails one that loses logs, in the same comment', async () => {
        const { passed, log } = await run(platform.surroundings(api, LOSING));
        expect(passed, log).to.equal(false);
        expect(commentOn(api)).to.include('**The review fails.**\n\n- Logs would be lost.');
        // docs/reviews.md shows it, less what is folded in.
        const [shown = ''] = commentOn(api).split('\n<details>');
        expectGolden('tests/reviews/golden/comment.md', shown);
        const id = String(api.comments[0]?.id);
        expect(api.writes).to.deep.equal([`POST ${forge.comments}`, `${forge.edit} ${forge.comment(id)}`]);
      });
    });

  // tests/reviews/script.test.ts has these in both systems, with scripts in place of the plan and of checkov.
  describe('in either system, here in GitHub Actions', () => {
    let api: FakeApi;

    before(async () => {
      api = new FakeApi(GITHUB);
      await api.start();
    });

    after(() => api.stop());

    const push = (inputs: Inputs, blocks?: Inputs): Promise<Outcome> =>
      runWorkflow(platform.surroundings(api, inputs, blocks));

    it('passes a loss with the label, and says that it was accepted', async () => {
      api.labels.add(LABEL);
      const { passed, log } = await push(LOSING);
      expect(passed, log).to.equal(true);
      expect(commentOn(api)).to.include(
        `**The review passes.**\n\n- Logs would be lost, and the label \`${LABEL}\` accepts it.`,
      );
    });

    it('fails a change that checkov finds something in, though the module may have the same', async () => {
      const { passed, log, summary } = await push(INPUTS, INSECURE);
      expect(passed).to.equal(false);
      expect(commentOn(api)).to.include('| CKV2_AWS_34 | `aws_ssm_parameter.installation` |');
      expect(commentOn(api)).to.not.match(/\| CKV\w+ \| `module\.loki_shipper/);
      expect(`${log}${summary}${commentOn(api)}`).to.not.include('hush');
    });

    it('fails a change that cannot be planned, and quotes nothing of it', async () => {
      const { passed, log, summary } = await push({ ...INPUTS, loki_url: 'ftp://user:hush@loki.example.com' });
      expect(passed).to.equal(false);
      expect(log).to.include('Error: Invalid value for variable');
      expect(commentOn(api)).to.include('**The review fails.**\n\n- The plan failed. The log of the job says why.');
      expect(`${summary}${commentOn(api)}`).to.not.match(/hush|ftp/);
    });
  });

  // After those of the reviews: mocha runs a suite's own tests before the suites in it.
  describe('with the role of docs/reviews.md', () => {
    it('reads what its policy allows, all of it, and nothing else', () => {
      const calls = stack.gateway.calls
        .slice(callsBefore)
        .filter(({ principal, service }) => principal === 'role' && service);
      expect(calls.filter(({ status }) => status === 403)).to.be.empty;
      const needed = new Set(calls.map(actionOf));
      // It needs no permission.
      needed.delete('sts:GetCallerIdentity');
      expect([...needed].sort()).to.deep.equal(
        [...new Set(PLAN_POLICY.Statement.flatMap(({ Action }) => Action))].sort(),
      );
    });

    const STRANGERS: readonly Claims[] = [
      { ...GITHUB_JOB, sub: 'repo:team/other:pull_request' },
      { ...GITHUB_JOB, sub: 'repo:team/platform:ref:refs/heads/main' },
      { ...GITHUB_JOB, aud: 'another' },
      { ...GITLAB_JOB, sub: 'project_path:team/other:ref_type:branch:ref:main' },
      { ...GITLAB_JOB, aud: 'another' },
      { ...GITLAB_JOB, iss: 'https://gitlab.com' },
    ];
    for (const claims of STRANGERS)
      it(`is not for a job that claims ${JSON.stringify(claims)}`, async () => {
        const words = await takeRole(stack, ROLE, claims).then(
          () => 'taken',
          ({ name }: Error) => name,
        );
        expect(words).to.equal('AccessDenied');
      });
  });
});
