import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { run } from '../../tools/local/commands.ts';
import type { FakeApi } from './fake-api.ts';

export interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
}

export interface Workflow {
  readonly on: { readonly pull_request: { readonly types: readonly string[] } };
  readonly permissions: unknown;
  readonly defaults: unknown;
  readonly concurrency: unknown;
  readonly jobs: {
    readonly review: { readonly permissions: unknown; readonly steps: readonly Step[] } & Readonly<
      Record<string, unknown>
    >;
  };
}

export interface GitlabJob extends Readonly<Record<string, unknown>> {
  readonly variables: Readonly<Record<string, string>>;
  readonly script: readonly string[];
}

export const WORKFLOW: Workflow = parse(readFileSync('examples/ci/github-actions.yml', 'utf8'));
const PIPELINE: Readonly<Record<string, GitlabJob>> = parse(readFileSync('examples/ci/gitlab-ci.yml', 'utf8'));
export const GITLAB_JOB = PIPELINE['loki-shipper review'] as GitlabJob;

/** A run of a review. */
export interface Outcome {
  readonly passed: boolean;
  /** All that the job printed. */
  readonly log: string;
  /** Of GitHub; empty in GitLab, which has none. */
  readonly summary: string;
}

/** What a run finds on its machine. */
export interface Surroundings {
  readonly api: FakeApi;
  /** The configuration as it is in the request: is the checkout. */
  readonly workspace: string;
  /** For what the runner writes. */
  readonly temp: string;
  readonly env: NodeJS.ProcessEnv;
  /** Variables of the review that the user of the file has set otherwise. */
  readonly settings?: NodeJS.ProcessEnv;
  /** Whether the request comes from a fork. */
  readonly fork?: boolean;
  /** Stands in for an action; gives environment variables to the steps after it. */
  readonly action: (uses: string, inputs: Readonly<Record<string, unknown>>) => Promise<NodeJS.ProcessEnv>;
}

const REPOSITORY = 'team/platform';

/** Runs the steps of the workflow as GitHub's runner does, until one fails. */
export async function runWorkflow(props: Surroundings): Promise<Outcome> {
  const { api, workspace, temp, fork = false } = props;
  const files = { event: join(temp, 'event.json'), summary: join(temp, 'summary.md'), step: join(temp, 'step.sh') };
  const head = { repo: { full_name: fork ? 'stranger/platform' : REPOSITORY } };
  writeFileSync(files.event, JSON.stringify({ pull_request: { number: 7, head } }));
  writeFileSync(files.summary, '');
  let env: NodeJS.ProcessEnv = {
    ...props.env,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: api.url,
    GITHUB_REPOSITORY: REPOSITORY,
    GITHUB_EVENT_PATH: files.event,
    GITHUB_STEP_SUMMARY: files.summary,
  };
  let log = '';
  const outcome = (passed: boolean) => ({ passed, log, summary: readFileSync(files.summary, 'utf8') });
  for (const step of WORKFLOW.jobs.review.steps) {
    if (step.if && !isTrue(step.if, { fork })) continue;
    if (step.uses) env = { ...env, ...(await props.action(step.uses, step.with ?? {})) };
    if (!step.run) continue;
    writeFileSync(files.step, step.run);
    const own = Object.entries(step.env ?? {}).map(([name, value]) => [name, evaluate(value, api)]);
    // https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
    const { status, stdout, stderr } = await run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', files.step], {
      cwd: workspace,
      env: { ...env, ...Object.fromEntries(own), ...props.settings },
    });
    log += stdout + stderr;
    if (status !== 0) return outcome(false);
  }
  return outcome(true);
}

/** The conditions that the workflow has. */
function isTrue(condition: string, { fork }: { readonly fork: boolean }): boolean {
  const CONDITIONS: Readonly<Record<string, boolean>> = {
    'github.event.pull_request.head.repo.full_name != github.repository': fork,
  };
  const value = CONDITIONS[condition];
  if (value === undefined) throw new Error(`the runner of the tests does not know the condition ${condition}`);
  return value;
}

/** A value with the expressions that the workflow has. */
function evaluate(value: string, { forge }: FakeApi): string {
  const EXPRESSIONS: Readonly<Record<string, string>> = { 'github.token': forge.token };
  return String(value).replaceAll(/\$\{\{ *(.*?) *\}\}/g, (_, expression: string) => {
    const known = EXPRESSIONS[expression];
    if (known === undefined) throw new Error(`the runner of the tests does not know the expression ${expression}`);
    return known;
  });
}

/** Runs the script of the job as GitLab's runner does: all of it in one shell. */
export async function runPipeline(props: Surroundings): Promise<Outcome> {
  const { api, workspace, temp, fork = false } = props;
  const predefined: NodeJS.ProcessEnv = {
    CI: 'true',
    GITLAB_CI: 'true',
    CI_API_V4_URL: api.url,
    CI_PIPELINE_ID: '99',
    CI_PIPELINE_SOURCE: 'merge_request_event',
    CI_MERGE_REQUEST_IID: '7',
    CI_MERGE_REQUEST_PROJECT_ID: '12',
    CI_MERGE_REQUEST_SOURCE_PROJECT_ID: fork ? '13' : '12',
    CI_REGISTRY_IMAGE: 'registry/team/platform',
    REVIEW_TOKEN: api.forge.token,
  };
  const variables = Object.entries(GITLAB_JOB.variables).map(([name, value]) => [
    name,
    String(value).replaceAll(/\$(\w+)/g, (_, other: string) => predefined[other] ?? ''),
  ]);
  const script = join(temp, 'job.sh');
  mkdirSync(dirname(script), { recursive: true });
  writeFileSync(script, GITLAB_JOB.script.join('\n'));
  const { status, stdout, stderr } = await run('bash', ['-eo', 'pipefail', script], {
    cwd: workspace,
    env: { ...props.env, ...predefined, ...Object.fromEntries(variables), ...props.settings },
  });
  return { passed: status === 0, log: stdout + stderr, summary: '' };
}
