import { EXIT } from './exit-code.ts';

type Name = keyof typeof EXIT;

const ALWAYS: Partial<Record<Name, string>> = {
  badUsage: 'bad usage',
  failed: 'it could not be done',
  interrupted: 'interrupted',
};

/** The part of a command's help that says what its exit codes mean. @param meanings of those that are its own */
export function exitCodes(meanings: Partial<Record<Name, string>>): string {
  const lines = Object.entries({ ...ALWAYS, ...meanings })
    .map(([name, meaning]) => [EXIT[name as Name], meaning] as const)
    .sort(([a], [b]) => a - b)
    .map(([code, meaning]) => `  ${String(code).padEnd(3)}  ${meaning}`);
  return ['Exit code:', ...lines].join('\n');
}
