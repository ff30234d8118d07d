import { hcl } from './hcl.ts';

/** A statement of a policy; one whose list of resources turns out empty is left out. */
export interface Statement {
  readonly sid: string;
  readonly actions: readonly string[];
  /** Expression of a list of ARNs. */
  readonly resources: string;
  /** Expression. */
  readonly condition?: string;
}

/** The account is named because the ARN of a bucket does not: a bucket of that name may be another account's one day. */
export const OWN_BUCKET = hcl`{ StringEquals = { "s3:ResourceAccount" = local.account_id } }`;

/** The policy of a role, as an expression. */
export function policyOf(statements: readonly Statement[]): string {
  const rendered = statements.map(
    ({ sid, actions, resources, condition }) =>
      hcl`{ Sid = "${sid}", Effect = "Allow", Action = ${JSON.stringify(actions)}, Resource = ${resources}${condition ? `, Condition = ${condition}` : ''} }`,
  );
  return hcl`jsonencode({ Version = "2012-10-17", Statement = [for statement in [${rendered.join(', ')}] : statement if length(statement.Resource) > 0] })`;
}

/**
 * Who may take a role, as an expression.
 * @param service such as `lambda.amazonaws.com`
 */
export function assumedBy(service: string): string {
  return hcl`jsonencode({
    Version = "2012-10-17",
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "${service}" } }]
  })`;
}
