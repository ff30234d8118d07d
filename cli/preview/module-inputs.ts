import { isObject } from '../../function/json.ts';
import type { Plan } from './plan.ts';
import { hidden, known, type Value } from './value.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * What the configuration gives to a module, where it is written there as it is: what is made of other things is not told.
 * @param address of the module, for example `module.teams["a"].module.log_group`
 */
export function moduleInput({ configuration }: Plan, address: string, input: string): Value<unknown> {
  let module: Json = objectIn(configuration, 'root_module');
  let call: Json = {};
  for (const name of moduleNames(address)) {
    call = objectIn(objectIn(module, 'module_calls'), name);
    module = objectIn(call, 'module');
  }
  const expressions = objectIn(call, 'expressions');
  if (!Object.hasOwn(expressions, input)) {
    const variable = objectIn(objectIn(module, 'variables'), input);
    return Object.hasOwn(objectIn(module, 'variables'), input) ? known(variable.default ?? null) : hidden('unknown');
  }
  const expression = objectIn(expressions, input);
  return Object.hasOwn(expression, 'constant_value') ? known(expression.constant_value) : hidden('unknown');
}

/** The names in an address, without instances, whose keys may hold anything. */
function moduleNames(address: string): readonly string[] {
  return Array.from(
    address.matchAll(/(?:^|\.)module\.([^.[]+)(?:\["(?:[^"\\]|\\.)*"\]|\[\d+\])?/g),
    ([, name = '']) => name,
  );
}

function objectIn(json: unknown, key: string): Json {
  const value = isObject(json) && Object.hasOwn(json, key) ? json[key] : undefined;
  return isObject(value) ? value : {};
}
