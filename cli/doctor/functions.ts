import { type Config, loadConfig } from '../../function/config.ts';
import { LokiShipperError } from '../../function/errors.ts';
import { loadRegistrarConfig } from '../../function/registry/config.ts';
import type { FunctionState } from '../aws/functions.ts';
import { type Finding, ok, problem, skipped, warning } from './finding.ts';
import type { DoctorProps } from './props.ts';
import { deprecationOf } from './runtimes.ts';

const APPLY = 'Apply the module once more: terraform plan shows what was changed.';

/** How both functions are set up. @returns the settings of the shipper, if they can be read */
export async function* checkFunctions(props: DoctorProps): AsyncGenerator<Finding, Config | undefined> {
  const { functions, signal, parts } = props;
  let settings: Config | undefined;
  yield* reading(props, async function* () {
    const state = await functions.state(parts.shipper, signal);
    const read = tryLoad(loadConfig, state);
    if (read.config) settings = read.config;
    yield* told(parts.shipper, state, [...wrongWith(parts.shipper, state, props), ...read.problems]);
  });
  yield* reading(props, async function* () {
    const state = await functions.state(parts.registrar, signal);
    const { problems } = tryLoad(loadRegistrarConfig, state);
    yield* told(parts.registrar, state, [...wrongWith(parts.registrar, state, props), ...problems]);
  });
  yield* reading(props, async function* () {
    if ((await functions.reservedConcurrency(parts.shipper, signal)) === 0)
      yield problem(
        'functions',
        `${parts.shipper} may not run: reserved_concurrent_executions is 0, so all deliveries go to the bucket.`,
        'Raise it, apply the module, and ship what is in the bucket: loki-shipper replay.',
      );
  });
  yield* reading(props, async function* () {
    if (!(await functions.isAllowedToLogs(parts.shipper, signal)))
      yield problem('functions', `CloudWatch Logs may not call ${parts.shipper}, so lines are lost.`, APPLY);
  });
  yield* reading(props, async function* () {
    if ((await functions.onFailure(parts.shipper, signal)) === null)
      yield problem('functions', `Deliveries on which ${parts.shipper} fails three times are lost.`, APPLY);
  });
  return settings;
}

/** What the caller may not read is skipped. */
async function* reading({ signal }: DoctorProps, check: () => AsyncGenerator<Finding>): AsyncGenerator<Finding> {
  try {
    yield* check();
  } catch (error) {
    if (signal.aborted || !(error instanceof LokiShipperError)) throw error;
    yield skipped('functions', error.message);
  }
}

function* told(name: string, state: FunctionState, wrong: readonly Finding[]): Generator<Finding> {
  const { runtime, memoryMb, timeoutSeconds } = state;
  if (wrong.length === 0)
    yield ok('functions', `${name} is set up right: ${runtime}, ${memoryMb} MB, ${timeoutSeconds} s.`);
  yield* wrong;
}

const DAY_MS = 24 * 3_600_000;
/** Time to update in peace. */
const NOTICE_DAYS = 90;

function wrongWith(name: string, state: FunctionState, { now }: DoctorProps): readonly Finding[] {
  const wrong: Finding[] = [];
  if (state.state === 'Failed')
    wrong.push(problem('functions', `${name} cannot run: ${state.stateReason ?? 'AWS does not say why'}`, APPLY));
  if (state.lastUpdate === 'Failed')
    wrong.push(
      problem(
        'functions',
        `The last change to ${name} failed: ${state.lastUpdateReason ?? 'AWS does not say why'}`,
        APPLY,
      ),
    );
  const deprecation = deprecationOf(state.runtime);
  const days = deprecation === undefined ? Number.POSITIVE_INFINITY : (Date.parse(deprecation) - now()) / DAY_MS;
  if (days < NOTICE_DAYS)
    wrong.push(
      warning(
        'functions',
        `AWS ${days < 0 ? 'has ended' : 'ends'} the support of ${state.runtime}, the runtime of ${name}, on ${deprecation}.`,
        "Set the module's runtime to a newer one, and apply.",
      ),
    );
  return wrong;
}

interface Loaded<C> {
  readonly config?: C;
  readonly problems: readonly Finding[];
}

function tryLoad<C>(load: (env: Readonly<Record<string, string>>) => C, { environment }: FunctionState): Loaded<C> {
  if (!environment)
    return { problems: [skipped('functions', 'Its settings are encrypted with a key that you may not use.')] };
  try {
    return { config: load(environment), problems: [] };
  } catch (error) {
    if (!(error instanceof LokiShipperError)) throw error;
    return { problems: [problem('functions', error.message, APPLY)] };
  }
}
