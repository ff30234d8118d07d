import type { BlocksJson } from '../../modules/module-json.ts';
import { code, table } from '../build-readme.ts';
import { conditionsOf, itemsOf, type PolicyStatement, readable, statementsOf, textOf } from './security-policies.ts';
import { REASONS, type Reason } from './security-reasons.ts';

/** A role, and what it is for. */
const ROLES = {
  shipper: 'The shipper: brings deliveries to Loki',
  registrar: 'The registrar: subscribes log groups and writes their tags',
  scheduler: 'The scheduler: runs the registrar',
  host: 'The host: the instance with Loki and Grafana',
  snapshots: 'Data Lifecycle Manager: makes snapshots of the data volume',
} as const;

const HEAD = ['Sid', 'Actions', 'On', 'When', 'Why'];

/**
 * What each role may do, then who may invoke the functions, then what the buckets refuse, as Markdown.
 * @param resource of all modules
 * @throws Error for a statement without a reason, and for a reason without a statement
 */
export function rolesText(resource: BlocksJson): string {
  const reasons = new Reasons();
  const text = [
    ...Object.entries(resource.aws_iam_role ?? {}).map(([name, role]) => roleText(name, role, resource, reasons)),
    permissionsText(resource, reasons),
    bucketsText(resource, reasons),
  ].join('\n');
  reasons.expectAllUsed();
  return text;
}

/** Finds reasons, and knows which ones nobody asked for. */
class Reasons {
  readonly #unused = new Set(
    Object.entries(REASONS).flatMap(([address, of]) => Object.keys(of).map((key) => `${address}: ${key}`)),
  );

  of(address: string, key: string | undefined): Reason {
    const reason = REASONS[address]?.[key ?? ''];
    if (!reason) throw new Error(`${address}: ${key} needs a reason in tools/docs/security-reasons.ts.`);
    this.#unused.delete(`${address}: ${key}`);
    return reason;
  }

  expectAllUsed(): void {
    if (this.#unused.size > 0)
      throw new Error(
        `tools/docs/security-reasons.ts has reasons for what is not there: ${[...this.#unused].join(', ')}.`,
      );
  }
}

function roleText(name: string, role: BlocksJson[string][string], resource: BlocksJson, reasons: Reasons): string {
  const title = ROLES[name as keyof typeof ROLES];
  if (!title) throw new Error(`The role ${name} needs a title in tools/docs/security-roles.ts.`);
  const [trust] = statementsOf(role.assume_role_policy);
  const principal = /"([^"]+)"/.exec(trust?.principal ?? '')?.[1] ?? '';
  const condition = trust?.condition ? `, where ${conditionsOf(trust.condition).join(' and ')}` : '';
  return `### ${title}

${code(readable(String(role.name)))}, taken by ${code(principal)}${condition}.

${table(HEAD, [...ownPolicy(name, resource, reasons), ...managedPolicies(name, resource, reasons)])}`;
}

function ownPolicy(name: string, resource: BlocksJson, reasons: Reasons): string[][] {
  const policy = resource.aws_iam_role_policy?.[name];
  return policy ? statementsOf(policy.policy).map((one) => row(`aws_iam_role_policy.${name}`, one, reasons)) : [];
}

function managedPolicies(role: string, resource: BlocksJson, reasons: Reasons): string[][] {
  return Object.entries(resource.aws_iam_role_policy_attachment ?? {})
    .filter(([, { role: of }]) => String(of).startsWith(`\${aws_iam_role.${role}`))
    .map(([name, { policy_arn }]) => {
      const managed = String(policy_arn).split('/').at(-1) ?? '';
      const { only = 'always', why } = reasons.of(`aws_iam_role_policy_attachment.${name}`, managed);
      return [managed, 'those of the policy of AWS', 'as it says', only, why];
    });
}

function row(address: string, statement: PolicyStatement, reasons: Reasons): string[] {
  const { sid = '', actions, condition } = statement;
  const reason = reasons.of(address, sid);
  const { only, why } = reason;
  const when = [...(only ? [only] : []), ...(condition ? conditionsOf(condition) : [])];
  return [sid, actions.map(code).join(', '), onOf(address, statement, reason), when.join('; ') || 'always', why];
}

/** Names as they stand in the policy; for what is worked out, a reason says it. */
function onOf(address: string, { sid, resource = '' }: PolicyStatement, { on }: Reason): string {
  if (on) return on;
  const [, list = resource] = /^[^[]+ \? (\[.+\]) : \[\]$/.exec(resource) ?? [];
  const items = list.startsWith('[') ? itemsOf(list) : [];
  const names = items.map(
    (item) => textOf(item) ?? (/^aws_\w+\.\w+\.arn$/.test(item) ? item.replace(/\.arn$/, '') : ''),
  );
  if (names.length === 0 || names.includes(''))
    throw new Error(`${address}: ${sid} needs an \`on\` in tools/docs/security-reasons.ts: ${resource}`);
  return names.map(code).join(', ');
}

function permissionsText(resource: BlocksJson, reasons: Reasons): string {
  const rows = Object.entries(resource.aws_lambda_permission ?? {}).map(([name, permission]) => {
    const { principal, source_arn, source_account, function_name, action } = permission;
    const { only = 'always', why } = reasons.of(`aws_lambda_permission.${name}`, String(principal));
    const from = [
      `\`aws:SourceArn\` = ${code(readable(String(source_arn)).replace(/^\$\{(.+?)(?:\[0\])?\.arn\}$/, '$1'))}`,
      ...(source_account ? [`\`aws:SourceAccount\` = ${code(readable(String(source_account)))}`] : []),
    ].join(' and ');
    return [code(String(principal)), code(String(action)), functionOf(function_name), from, only, why];
  });
  return `### Who may invoke the functions

Besides who has \`lambda:InvokeFunction\` on them by a policy of their own, in the same account:

${table(['Principal', 'Action', 'On', 'From', 'When', 'Why'], rows)}`;
}

function functionOf(name: unknown): string {
  return `the ${/aws_lambda_function\.(\w+)/.exec(String(name))?.[1]}`;
}

function bucketsText(resource: BlocksJson, reasons: Reasons): string {
  const rows = Object.entries(resource.aws_s3_bucket_policy ?? {}).flatMap(([name, { policy }]) =>
    statementsOf(policy).map((statement) => {
      const [sid = '', actions = '', on = '', when = '', why = ''] = row(
        `aws_s3_bucket_policy.${name}`,
        statement,
        reasons,
      );
      return [sid, `${statement.effect.toLowerCase()} ${actions}`, on, when, why];
    }),
  );
  return `### What the buckets refuse

${table(HEAD, rows)}`;
}
