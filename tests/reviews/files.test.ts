import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { run } from '../../tools/local/commands.ts';
import { runFolder } from '../../tools/local/folders.ts';
import { findShellcheck } from '../../tools/local/shellcheck.ts';
import { VERSIONS } from '../../tools/local/versions.ts';
import { orSkip } from '../support/parts.ts';
import { GITLAB_JOB, WORKFLOW } from './runners.ts';

const FOLDER = 'examples/ci';
const read = (file: string) => readFileSync(join(FOLDER, file), 'utf8');
const STEPS = WORKFLOW.jobs.review.steps;

describe('The workflow of GitHub Actions', () => {
  it('runs for requests, with the rights of their own code, and again when a label comes or goes', () => {
    expect(WORKFLOW.on).to.deep.equal({
      pull_request: { types: ['opened', 'synchronize', 'reopened', 'labeled', 'unlabeled'] },
    });
  });

  it('has the permissions that it needs', () => {
    expect(WORKFLOW.permissions).to.deep.equal({});
    expect(WORKFLOW.jobs.review.permissions).to.deep.equal({
      contents: 'read',
      'id-token': 'write',
      'pull-requests': 'write',
    });
  });

  it('runs once for a request at a time', () => {
    expect(WORKFLOW.concurrency).to.deep.equal({
      group: '${{ github.workflow }}-${{ github.event.pull_request.number }}',
      'cancel-in-progress': true,
    });
  });

  it('is never skipped, which would count as passed', () => expect(WORKFLOW.jobs.review).to.not.have.property('if'));

  it('refuses forks first of all', () => {
    expect(STEPS[0]?.if).to.equal('github.event.pull_request.head.repo.full_name != github.repository');
  });

  it('writes no words of the request into a shell, and keeps no plan', () => {
    for (const step of STEPS) {
      expect(step.run ?? '').to.not.include('${{');
      expect(step.uses ?? 'actions/checkout@v4')
        .to.match(/^[\w-]+\/[\w-]+@v\d+$/)
        .and.not.include('artifact');
    }
  });

  it('leaves no credentials of git behind, and no wrapper before the exit codes of Terraform', () => {
    const inputsOf = (action: string) => STEPS.find(({ uses }) => uses?.startsWith(action))?.with;
    expect(inputsOf('actions/checkout')).to.deep.equal({ 'persist-credentials': false });
    expect(inputsOf('hashicorp/setup-terraform')).to.include({ terraform_wrapper: false });
  });
});

describe('The job of GitLab CI', () => {
  it('runs for requests, and keeps no plan', () => {
    expect(GITLAB_JOB.rules).to.deep.equal([{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }]);
    expect(GITLAB_JOB).to.not.have.any.keys('artifacts', 'cache', 'allow_failure');
  });

  it('asks for a token of its own', () => {
    expect(GITLAB_JOB.id_tokens).to.deep.equal({ AWS_TOKEN: { aud: 'sts.amazonaws.com' } });
  });

  it('takes the same role as that of GitHub', () => {
    const role = STEPS.find(({ uses }) => uses?.startsWith('aws-actions/'))?.with?.['role-to-assume'];
    expect(GITLAB_JOB.variables.AWS_ROLE_ARN).to.equal(role);
  });
});

describe('The files of a review', function () {
  this.timeout(60_000);

  it('have shell that ShellCheck accepts', async function () {
    const shellcheck = await orSkip(this, () => findShellcheck(console.error));
    const folder = runFolder();
    const scripts = [...STEPS.flatMap((step) => step.run ?? []), GITLAB_JOB.script.join('\n')].map((script, i) => {
      const file = join(folder, `${i}.sh`);
      writeFileSync(file, `#!/usr/bin/env bash\n${script}\n`);
      return file;
    });
    expect(scripts).to.have.length(4);
    const { status, stdout } = await run(shellcheck, [join(FOLDER, 'review.sh'), ...scripts]);
    expect(status, stdout).to.equal(0);
  });

  it('name the checkov that the exceptions are of', () => {
    const named = ['github-actions.yml', 'gitlab.Dockerfile'].map((file) => /checkov==([\d.]+)/.exec(read(file))?.[1]);
    expect(named).to.deep.equal([VERSIONS.checkov, VERSIONS.checkov]);
  });

  it('name one Terraform', () => {
    const workflow = /terraform_version: ([\d.]+)/.exec(read('github-actions.yml'))?.[1];
    expect(/hashicorp\/terraform:([\d.]+)/.exec(read('gitlab.Dockerfile'))?.[1]).to.equal(workflow);
  });

  it('are all in the README beside them', () => {
    for (const file of readdirSync(FOLDER).filter((name) => name !== 'README.md'))
      expect(read('README.md')).to.include(`(${file})`);
  });
});
