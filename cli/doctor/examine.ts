import { askRegistrar, askShipper } from './calls.ts';
import { checkClock } from './clock.ts';
import { checkFilters } from './filters.ts';
import type { Finding } from './finding.ts';
import { checkFunctions } from './functions.ts';
import { checkLimits } from './limits.ts';
import { probe } from './probe.ts';
import type { DoctorProps } from './props.ts';
import { checkRetention } from './retention.ts';
import { checkShipper } from './shipper.ts';

/**
 * Looks at everything, one thing after the other. What cannot be looked at does not keep it from the rest.
 * @throws InvocationFailed when nothing of AWS can be called from here: without credentials, for example
 */
export async function* examine(props: DoctorProps): AsyncGenerator<Finding> {
  const status = yield* askRegistrar(props);
  const checked = yield* askShipper(props);
  const settings = yield* checkFunctions(props);
  if (status) yield* checkFilters(status, props);
  if (checked) {
    yield* checkShipper(checked);
    yield* checkClock(checked);
  }
  if (settings) yield* checkLimits(settings, props);
  if (status) yield* checkRetention(status, props);
  yield* probe(status, props);
}
