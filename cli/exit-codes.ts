import { EXIT } from './exit-code.ts';

type Name = keyof typeof EXIT;

const COMMON: Meanings = {
  badUsage: 'bad usage',
  failed: 'it could not be done',
  interrupted: 'interrupted',
};

type Meanings = { readonly [name in Name]?: string | null };

/**
 * The part of a command's help that says what its exit codes mean.
 * @param meanings of those that have one of their own; null for a common one that the command never ends with
 */
export function exitCodes(meanings: Meanings): string {
  const lines = Object.entries({ ...COMMON, ...meanings })
    .filter(([, meaning]) => meaning !== null)
    .map(([name, meaning]) => [EXIT[name as Name], meaning] as const)
    .sort(([a], [b]) => a - b)
    .map(([code, meaning]) => `  ${String(code).padEnd(3)}  ${meaning}`);
  return ['Exit code:', ...lines].join('\n');
}
