import { FunctionFailed, InvocationFailed } from '../../function/aws/invoke.ts';
import type { CheckResult } from '../../function/check.ts';
import { LokiShipperError } from '../../function/errors.ts';
import { isObject } from '../../function/json.ts';
import { UnknownAnswer } from '../../function/registry/replay.ts';
import { VERSION } from '../../function/version.ts';
import { explain } from '../explain.ts';
import { HINTS } from '../hints.ts';
import { numberText } from '../number-text.ts';
import { readStatus, type Status } from '../status/read.ts';
import { type Check, type Finding, ok, problem, warning } from './finding.ts';
import type { DoctorProps } from './props.ts';

/** What the shipper says of itself. */
export interface Checked {
  readonly result: CheckResult;
  /** When it was asked and when it had answered, by the clock of this machine: milliseconds since 1970. */
  readonly asked: number;
  readonly answered: number;
}

/** Whether the registrar answers. @throws InvocationFailed when nothing of AWS can be called from here */
export async function* askRegistrar(props: DoctorProps): AsyncGenerator<Finding, Status | undefined> {
  const { invoke, signal, parts } = props;
  try {
    const status = await readStatus(invoke, parts.registrar, signal);
    yield ok('registrar', `${parts.registrar} answers, and knows ${numberText(status.groups.length)} log groups.`);
    return status;
  } catch (error) {
    yield failure('registrar', error, parts.registrar, props);
    return undefined;
  }
}

/** Whether the shipper answers, and what it found. @throws InvocationFailed when nothing of AWS can be called from here */
export async function* askShipper(props: DoctorProps): AsyncGenerator<Finding, Checked | undefined> {
  const { invoke, signal, now, parts } = props;
  const asked = now();
  try {
    const result = await invoke(parts.shipper, { check: true }, signal);
    if (!isCheckResult(result)) throw new UnknownAnswer(parts.shipper);
    const { version } = result;
    if (version === VERSION) yield ok('shipper', `${parts.shipper} answers, and is of version ${version}.`);
    else
      yield warning(
        'shipper',
        `${parts.shipper} is of version ${version}, and this command line of version ${VERSION}.`,
        'Use the command line of the version of the module.',
      );
    return { result, asked, answered: now() };
  } catch (error) {
    yield failure('shipper', error, parts.shipper, props);
    return undefined;
  }
}

function failure(check: Check, error: unknown, functionName: string, { signal }: DoctorProps): Finding {
  if (signal.aborted || !(error instanceof LokiShipperError)) throw error;
  if (error instanceof InvocationFailed && Object.hasOwn(HINTS, error.reason)) throw error;
  return problem(check, explain(error, functionName), adviceOn(error, functionName));
}

function adviceOn(error: LokiShipperError, functionName: string): string {
  if (error instanceof UnknownAnswer) return 'Use the command line of the version of the module.';
  if (error instanceof FunctionFailed) return `Look at what it wrote to its log group, /aws/lambda/${functionName}.`;
  if (!(error instanceof InvocationFailed)) return 'Try it again.';
  if (error.reason.startsWith('AccessDenied')) return `Have lambda:InvokeFunction granted to you on ${functionName}.`;
  if (error.reason === 'ResourceNotFoundException') return 'Where the name is right, apply the module.';
  return 'Try it again, and look at the function in the console of Lambda.';
}

function isCheckResult(value: unknown): value is CheckResult {
  return (
    isObject(value) &&
    typeof value.version === 'string' &&
    typeof value.now === 'number' &&
    [value.loki, value.tags, value.bucket, value.catalogue].every(isPart)
  );
}

function isPart(value: unknown): boolean {
  return isObject(value) && typeof value.ms === 'number' && (value.error === null || typeof value.error === 'string');
}
