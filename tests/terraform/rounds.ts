import type { ModuleJson } from '../../modules/module-json.ts';

interface Case {
  readonly given: Readonly<Record<string, unknown>>;
}

type Variables = ModuleJson['variable'];

/**
 * Spreads cases over few rounds, so that one plan can try all cases of a round: it reports all that is wrong, except
 * of a variable whose rules refer to a wrong one. So no two cases of a round set the same variable or such two.
 */
export function rounds<T extends Case>(cases: readonly T[], variables: Variables): readonly (readonly T[])[] {
  const result: { cases: T[]; set: Set<string>; asked: Set<string> }[] = [];
  for (const one of cases) {
    const set = new Set(Object.keys(one.given));
    const asked = closure(set, variables);
    const free = result.find((round) => disjoint(round.asked, set) && disjoint(asked, round.set));
    if (free) {
      free.cases.push(one);
      for (const name of set) free.set.add(name);
      for (const name of asked) free.asked.add(name);
    } else result.push({ cases: [one], set, asked });
  }
  return result.map((round) => round.cases);
}

/** Variables, those that their rules refer to, and so on. */
function closure(names: ReadonlySet<string>, variables: Variables): Set<string> {
  const all = new Set(names);
  for (const name of all) {
    const rules = JSON.stringify(variables[name]?.validation ?? []);
    for (const [, other = ''] of rules.matchAll(/\bvar\.(\w+)/g)) all.add(other);
  }
  return all;
}

function disjoint(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return ![...a].some((name) => b.has(name));
}

/** What every plan of a module is given: required inputs, and the look-ups of a mocked account by their type. */
export interface Given {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly found: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The text of a `.tftest.json` that plans a module with the inputs of one round. */
export function testOf(round: readonly Case[], { inputs, found }: Given): string {
  return JSON.stringify({
    mock_provider: {
      aws: {
        mock_data: Object.fromEntries(Object.entries(found).map(([type, defaults]) => [type, { defaults }])),
      },
    },
    run: {
      plan: { command: 'plan', variables: Object.assign({}, inputs, ...round.map(({ given }) => given)) },
    },
  });
}
