import { existsSync, readdirSync } from 'node:fs';
import { expect } from 'chai';
import { orSkip } from '../support/parts.ts';
import { FakeApi } from './fake-api.ts';
import { runWorkflow } from './runners.ts';
import { type Answers, found, requirePrograms, standIns } from './stand-ins.ts';
import { SYSTEMS } from './systems.ts';

const MARKER = '<!-- loki-shipper review of . -->';
const LABEL = 'loses-logs-on-purpose';

for (const { name, forge, run } of SYSTEMS)
  describe(`The review in ${name}`, function () {
    this.timeout(60_000);
    let api: FakeApi;

    before(async function () {
      await orSkip(this, async () => requirePrograms());
    });

    beforeEach(async () => {
      api = new FakeApi(forge);
      await api.start();
    });

    afterEach(() => api.stop());

    const review = (answers: Answers = {}) => run(standIns(api, answers));
    const only = () => {
      expect(api.comments).to.have.length(1);
      return api.comments[0]?.body ?? '';
    };

    it('passes where nothing is in the way', async () => {
      const { passed, log, summary } = await review();
      expect(passed, log).to.equal(true);
      expect(summary).to.equal(run === runWorkflow ? only() : '');
      expect(only().split('\n').slice(0, 3)).to.deep.equal([MARKER, '**The review passes.**', '']);
      expect(only()).to.include('## Preview').and.to.include('## checkov\n\nFinds nothing');
    });

    it('edits its comment, which may be behind others', async () => {
      for (let i = 0; i < 150; i++) api.add('a word of somebody', '5');
      const mine = api.add(`${MARKER}\nof the push before`);
      expect((await review()).passed).to.equal(true);
      expect(api.writes).to.deep.equal([`${forge.edit} ${forge.comment(String(mine.id))}`]);
      expect(mine.body).to.include('## Preview');
    });

    it('leaves a comment of somebody else alone, whatever it begins with', async () => {
      const forged = api.add(`${MARKER}\n**The review passes.**`, '5');
      expect((await review()).passed).to.equal(true);
      expect(api.comments).to.have.length(2);
      expect(forged.body).to.not.include('## Preview');
    });

    it('fails where logs would be lost, until the label accepts it, which the comment says', async () => {
      const { passed, log } = await review({ previewCode: 2 });
      expect(passed).to.equal(false);
      expect(log).to.include('Logs would be lost.');
      expect(only()).to.include(
        `**The review fails.**\n\n- Logs would be lost. Where that is meant, the label \`${LABEL}\``,
      );
      api.labels.add(LABEL);
      expect((await review({ previewCode: 2 })).passed).to.equal(true);
      expect(only()).to.include(
        `**The review passes.**\n\n- Logs would be lost, and the label \`${LABEL}\` accepts it.`,
      );
    });

    it('takes no other label for it', async () => {
      api.labels.add(`${LABEL}-not`).add('loses.logs.on.purpose');
      expect((await review({ previewCode: 2 })).passed).to.equal(false);
    });

    for (const code of [1, 3, 64])
      it(`fails where the preview ends with ${code}`, async () => {
        api.labels.add(LABEL);
        expect((await review({ previewCode: code })).passed).to.equal(false);
        expect(only()).to.include(`loki-shipper ended with ${code}`);
      });

    it('fails where the plan fails, of which the comment tells no more', async () => {
      expect((await review({ plan: 1 })).passed).to.equal(false);
      expect(only()).to.equal(
        `${MARKER}\n**The review fails.**\n\n- The plan failed. The log of the job says why.\n\n`,
      );
    });

    it('says where a plan changes nothing', async () => {
      expect((await review({ plan: 0 })).passed).to.equal(true);
      expect(only()).to.include('- The plan changes nothing.');
    });

    it('fails where checkov finds something, and shows so much of it', async () => {
      expect((await review({ checkov: found(60) })).passed).to.equal(false);
      expect(only()).to.include('- checkov finds 60, which stand below.').and.to.include('10 more are not shown.');
      expect(only().match(/^\| CKV_AWS_18 \|/gm)).to.have.length(50);
    });

    it('excepts what the module does, wherever it is called, and nothing of others', async () => {
      const call = 'platform.loki_shipper';
      const excepted = found(1, 'module.platform.module.loki_shipper["eu"].aws_s3_bucket.storage');
      expect((await review({ call, checkov: excepted })).passed).to.equal(true);
      for (const of of ['module.platform.', 'module.platform.module.loki_shipper_too.', ''])
        expect((await review({ call, checkov: found(1, `${of}aws_s3_bucket.storage`) })).passed).to.equal(false);
    });

    it('takes another folder, another label and OpenTofu', async () => {
      api.labels.add('we know');
      const answers = { stack: 'stacks/logs', previewCode: 2, missing: ['terraform'] };
      const settings = { STACK: 'stacks/logs', LOSS_LABEL: 'we know', TERRAFORM: 'tofu' };
      const { passed, log } = await run({ ...standIns(api, answers), settings });
      expect(passed, log).to.equal(true);
      expect(only()).to.match(/^<!-- loki-shipper review of stacks\/logs -->\n/);
    });

    it('shows no Markdown of an address', async () => {
      expect((await review({ checkov: found(1, 'aws_s3_bucket.b["`@team`|\n# x"]') })).passed).to.equal(false);
      expect(only()).to.include('| CKV_AWS_18 | `aws_s3_bucket.b[" @team   # x"]` | Ensure logging |');
    });

    for (const [what, report] of [
      ['says nothing', ''],
      ['gives no report', '{}'],
      ['gives no JSON', 'Traceback'],
      ['cannot read the plan', '{"results": {"failed_checks": [], "parsing_errors": ["plan.json"]}}'],
    ] as const)
      it(`fails where checkov ${what}`, async () => {
        expect((await review({ checkov: report })).passed).to.equal(false);
        expect(only()).to.include('checkov did not check the plan.');
      });

    it('passes where there is nothing for checkov to check', async () => {
      expect((await review({ checkov: '{"passed": 0, "failed": 0}' })).passed).to.equal(true);
    });

    it('cuts what is longer than a comment may be, and says so above it', async () => {
      const { passed, log } = await review({
        preview: `## Preview\n\n${'é😀 '.repeat(forge.longest / 2)}end of the preview\n`,
      });
      expect(passed).to.equal(true);
      expect(Array.from(only())).to.have.length.within(forge.longest * 0.98, forge.longest);
      expect(only()).to.match(/^<!--.*-->\n\*\*The review passes\.\*\*\n\nThis is cut.*\n\n## Preview\n/);
      expect(log).to.include('end of the preview');
    });

    it('fails where the API takes no comment', async () => {
      const surroundings = standIns(api);
      api.stop();
      const other = new FakeApi({ ...forge, header: [forge.header[0], 'another'] });
      await other.start();
      const { passed, log } = await run({ ...surroundings, api: other });
      other.stop();
      expect(passed).to.equal(false);
      expect(log).to.match(/^GET \/\S+ was refused: see what the token may do\.$/m);
      expect(other.refusals).to.have.length(1);
    });

    it('names a program that is missing', async () => {
      const { passed, log } = await review({ missing: ['checkov'] });
      expect(passed).to.equal(false);
      expect(log).to.include('checkov is missing: install it in the image or in a step before this one.');
    });

    it('refuses forks before anything of them runs', async () => {
      const surroundings = standIns(api);
      const { passed, log } = await run({ ...surroundings, fork: true });
      expect(passed).to.equal(false);
      expect(log).to.include('A fork gets no credentials, so this is not reviewed.');
      expect(existsSync(`${surroundings.workspace}/.terraform`)).to.equal(false);
      expect(api.comments).to.be.empty;
    });

    it('leaves no plan behind', async () => {
      const surroundings = standIns(api);
      await run(surroundings);
      const left = readdirSync(surroundings.temp, { withFileTypes: true }).filter((entry) => entry.isDirectory());
      expect(left).to.be.empty;
    });
  });
