/** A statement of a policy as the module's JSON has it: its actions, and the rest as expressions of Terraform. */
export interface PolicyStatement {
  readonly sid: string | undefined;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resource: string | undefined;
  readonly principal: string | undefined;
  readonly condition: string | undefined;
}

/** The statements of an argument such as `${jsonencode({ Version = …, Statement = […] })}`, as modules/policy.ts writes it. */
export function statementsOf(policy: unknown): readonly PolicyStatement[] {
  const [, document = ''] = /^\$\{jsonencode\((\{.*\})\)\}$/s.exec(String(policy)) ?? [];
  const list = fieldsOf(document).get('Statement') ?? '';
  const [, all = list] = /^\[for statement in (\[.*\]) : statement if .*\]$/s.exec(list) ?? [];
  const statements = itemsOf(all).map(statementOf);
  if (statements.length === 0) throw new Error(`There is no statement in the policy ${policy}.`);
  return statements;
}

function statementOf(object: string): PolicyStatement {
  const fields = fieldsOf(object);
  const actions = fields.get('Action') ?? '';
  return {
    sid: textOf(fields.get('Sid')),
    effect: textOf(fields.get('Effect')) ?? '',
    actions: (actions.startsWith('[') ? itemsOf(actions) : [actions]).map((action) => textOf(action) ?? action),
    resource: fields.get('Resource'),
    principal: fields.get('Principal'),
    condition: fields.get('Condition'),
  };
}

/** Of an object of Terraform: name → expression. */
export function fieldsOf(object: string): ReadonlyMap<string, string> {
  return new Map(
    itemsOf(object).map((item) => {
      const at = item.indexOf(' = ');
      return [textOf(item.slice(0, at)) ?? item.slice(0, at), item.slice(at + 3)] as const;
    }),
  );
}

/** The expressions of a list, or the fields of an object, of Terraform. */
export function itemsOf(list: string): readonly string[] {
  const items: string[] = [];
  let depth = 0;
  let start = 1;
  for (let i = 0; i < list.length; i++) {
    const character = list[i] ?? '';
    if (character === '"')
      i = list.indexOf('"', i + 1); // No text of a policy has a quote in it.
    else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    if ((character === ',' && depth === 1) || (depth === 0 && i === list.length - 1)) {
      items.push(list.slice(start, i).trim());
      start = i + 1;
    }
  }
  return items.filter((item) => item !== '');
}

/** What a text of Terraform says, with the places of an installation in capitals; undefined for another expression. */
export function textOf(expression: string | undefined): string | undefined {
  return /^"[^"]*"$/.test(expression ?? '') ? readable(expression?.slice(1, -1) ?? '') : undefined;
}

/** Puts `ACCOUNT` and the like in the place of what each installation has of its own. */
export function readable(template: string): string {
  return PLACES.reduce((text, [expression, word]) => text.replaceAll(`\${${expression}}`, word), template);
}

const PLACES = [
  ['local.partition', 'aws'],
  ['local.region', 'REGION'],
  ['local.account_id', 'ACCOUNT'],
  ['var.name', 'NAME'],
] as const;

/** Conditions as people read them, such as `s3:ResourceAccount` = `ACCOUNT`. */
export function conditionsOf(condition: string): readonly string[] {
  return [...fieldsOf(condition).values()].flatMap((keys) =>
    Array.from(fieldsOf(keys), ([key, value]) => {
      const values = value.startsWith('[') ? itemsOf(value) : [value];
      return `\`${key}\` = ${values.map((one) => `\`${textOf(one) ?? readable(`\${${one}}`)}\``).join(' or ')}`;
    }),
  );
}
