import type { ModuleStack } from '../module-stack.ts';
import { accessVariables } from './access-variables.ts';
import { careVariables } from './care-variables.ts';
import { placeVariables } from './place-variables.ts';
import { sizeVariables } from './size-variables.ts';

/** The inputs of the module: a small team sets the subnet, a size and a retention. */
export function defineVariables(module: ModuleStack) {
  return {
    ...placeVariables(module),
    ...sizeVariables(module),
    ...accessVariables(module),
    ...careVariables(module),
  };
}

export type Variables = ReturnType<typeof defineVariables>;
