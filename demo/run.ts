import { type Outputs, queryOf } from '../cli/demo/project.ts';
import { build } from '../tools/build.ts';
import { ACCOUNT, REGION } from '../tools/local/account.ts';
import { atEnd, untilSignal } from '../tools/local/at-end.ts';
import type { Line } from '../tools/local/loki.ts';
import { type Stack, startStack } from '../tools/local/stack.ts';
import { answer, invoke, putToVisible } from './lines.ts';
import type { Options } from './options.ts';
import { projectOn } from './project.ts';
import { bold, faint, say, secondsSince, step, table } from './terminal.ts';
import { findDocker, startTwin, type Twin } from './twin.ts';

/** What the demo found out; printed with --json. */
export interface Result {
  /** The answer has lines, all of them of fun-checkout. */
  readonly ok: boolean;
  readonly query: string;
  readonly entries: number;
  /** Labels that all lines of the answer have in common. */
  readonly labels: Readonly<Record<string, string>>;
  readonly seconds: number;
  readonly applySeconds: number;
  readonly putToVisibleMs: number;
  readonly destroySeconds: number;
}

const QUERY = queryOf(REGION);
const CHECKOUT = '/aws/lambda/fun-checkout';
const LABELS = ['name', 'owner', 'location', 'sut', 'language'];

/** The main job on real parts: apply, log, ask, destroy. What it starts is gone when it returns, throws or is interrupted. */
export async function runDemo({ keep }: Options): Promise<Result> {
  const start = Date.now();
  const callOff = atEnd(() =>
    say('\nInterrupted: no process and no file of this run is left, and so nothing half applied.'),
  );
  try {
    await step(['Building', 'Built'], 'the module', () => build());
    const twin = await tryTwin();
    const what = twin ? 'an AWS on this machine' : 'Loki and an AWS on this machine';
    const { value: stack } = await step(['Starting', 'Started'], what, (tell) =>
      startStack(tell, { ready: twin?.loki }),
    );
    try {
      return await withStack(stack, twin, keep, start);
    } finally {
      await stack.stop();
      say('No process and no file of this run is left.');
    }
  } finally {
    callOff();
  }
}

async function withStack(stack: Stack, twin: Twin | undefined, keep: boolean, start: number): Promise<Result> {
  const project = projectOn(stack);
  const applied = await step(['Applying', 'Applied'], 'examples/demo', (tell) => project.apply(tell));
  const outputs = await project.outputs();
  showCreated(applied.value, outputs);

  await step(['Invoking', 'Invoked'], 'fun-checkout and fun-invoice', () => invoke(stack, outputs.functions));
  await step(['Waiting for', 'Found'], 'their lines in Loki', () =>
    Promise.all(Object.keys(outputs.log_groups).map((group) => answer(stack, `{log_group="${group}"}`))),
  );
  const visible = await putToVisible(stack, CHECKOUT);
  say(faint(`  A line is found in Loki ${visible} ms after it was written to CloudWatch.`));
  const lines = await answer(stack, QUERY);
  showAnswer(lines);

  if (keep) await untilInterrupted(stack, twin?.grafanaUrl, outputs);
  const destroyed = await step(['Destroying', 'Destroyed'], 'everything', (tell) => project.destroy(tell));
  return {
    ok: project.remaining() === 0 && lines.every(({ labels }) => labels.log_group === CHECKOUT),
    query: QUERY,
    entries: lines.length,
    labels: inCommon(lines),
    seconds: secondsSince(start),
    applySeconds: applied.seconds,
    putToVisibleMs: visible,
    destroySeconds: destroyed.seconds,
  };
}

/** With Docker the demo has what a host runs; else it goes on without Grafana, and with a Loki that is a plain process. */
async function tryTwin(): Promise<Twin | undefined> {
  const docker = await findDocker();
  if (!docker) {
    say('  No Docker with compose runs here, so there is no Grafana: Loki answers by its API.');
    return undefined;
  }
  try {
    const { value: twin } = await step(['Starting', 'Started'], 'Loki and Grafana with Docker', () =>
      startTwin(docker),
    );
    say(`  ${twin.grafanaUrl}`);
    return twin;
  } catch (error) {
    say(
      `  They do not start, so there is no Grafana, and Loki answers by its API: ${error instanceof Error ? error.message : error}`,
    );
    return undefined;
  }
}

function showCreated(resources: number, outputs: Outputs): void {
  say(`  ${resources} resources: the sample functions ${outputs.functions.join(' and ')} with their log groups and`);
  say(`  schedules, ${outputs.shipper}, its registrar, and the bucket ${outputs.bucket}.`);
  say();
  const rows = Object.entries(outputs.log_groups).map(([group, { labels }]) => [
    group,
    ...LABELS.map((label) => labels[label] ?? ''),
  ]);
  say(table([['log group', ...LABELS], ...rows]));
  say();
}

function showAnswer(lines: readonly Line[]): void {
  say();
  say(`All Lambda functions written in Python, in ${REGION}, whose name starts with "fun":`);
  say(`  ${bold(QUERY)}`);
  for (const { labels, line } of lines) say(`  ${faint(labels.service_name ?? '')} ${line}`);
  say();
}

async function untilInterrupted(
  { loki, endpoint }: Stack,
  grafana: string | undefined,
  outputs: Outputs,
): Promise<void> {
  say(`Loki:    ${loki.url}`);
  if (grafana) say(`Grafana: ${grafana}/explore`);
  say(`AWS:     ${endpoint} (region ${REGION}, access key ${ACCOUNT}, any secret)`);
  say(`The samples ${outputs.functions.join(' and ')} run each minute. Ctrl-C destroys everything.`);
  await untilSignal();
  say();
}

function inCommon(lines: readonly Line[]): Readonly<Record<string, string>> {
  const [first, ...others] = lines;
  return Object.fromEntries(
    Object.entries(first?.labels ?? {}).filter(([name, value]) => others.every(({ labels }) => labels[name] === value)),
  );
}
