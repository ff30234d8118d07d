import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config/index.js';
import type { LambdaInvocation } from '@cdktf/provider-aws/lib/lambda-invocation/index.js';
import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule/index.js';
import { Token } from 'cdktf';
import { arn } from '../account.ts';
import { expression, hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';
import type { Functions } from './functions.ts';
import { functionName, roleName } from './names.ts';
import { IS_RECONCILED } from './registry.ts';
import type { Variables } from './variables.ts';

/** Runs the registrar again and again, with a role that may do nothing else. */
export function defineSchedule(
  module: ModuleStack,
  variables: Variables,
  functions: Functions,
  registry: LambdaInvocation,
): void {
  const role = new IamRole(module, 'scheduler.role', {
    name: roleName('scheduler'),
    assumeRolePolicy: expression(ASSUMED_BY_SCHEDULER),
    tags: Token.asStringMap(variables.tags.value),
  });
  const policy = new IamRolePolicy(module, 'scheduler.role_policy', {
    name: '${var.name}-scheduler',
    role: role.id,
    policy: expression(RUN_REGISTRAR),
  });
  // A run that failed is repeated by the next. Lambda would repeat it when that is under way, or, after a destroy, when
  // nothing should be subscribed any more.
  const retries = new LambdaFunctionEventInvokeConfig(module, 'registrar.retries', {
    functionName: functions.registrar.functionName,
    maximumRetryAttempts: 0,
    maximumEventAgeInSeconds: 60,
  });
  new SchedulerSchedule(module, 'registrar.schedule', {
    name: functionName('registrar'),
    description: 'Runs the registrar, which finds new log groups and changed tags.',
    scheduleExpression: expression(
      hcl`var.registrar_interval_minutes == 1 ? "rate(1 minute)" : "rate(\${var.registrar_interval_minutes} minutes)"`,
    ),
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: functions.registrar.arn,
      roleArn: role.arn,
      input: JSON.stringify({ action: 'reconcile' }),
      retryPolicy: { maximumRetryAttempts: 1, maximumEventAgeInSeconds: 60 },
    },
    lifecycle: IS_RECONCILED,
    dependsOn: [registry, policy, retries],
  });
}

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html */
const ASSUMED_BY_SCHEDULER = hcl`jsonencode({
  Version = "2012-10-17",
  Statement = [{
    Effect = "Allow",
    Action = "sts:AssumeRole",
    Principal = { Service = "scheduler.amazonaws.com" },
    Condition = { StringEquals = { "aws:SourceAccount" = local.account_id } }
  }]
})`;

const RUN_REGISTRAR = hcl`jsonencode({
  Version = "2012-10-17",
  Statement = [{
    Sid = "RunRegistrar",
    Effect = "Allow",
    Action = ["lambda:InvokeFunction"],
    Resource = ["${arn('lambda', `function:${functionName('registrar')}`)}"]
  }]
})`;
