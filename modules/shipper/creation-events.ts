import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import type { LambdaInvocation } from '@cdktf/provider-aws/lib/lambda-invocation/index.js';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js';
import { Token } from 'cdktf';
import type { ModuleStack } from '../module-stack.ts';
import type { Functions } from './functions.ts';
import type { Variables } from './variables.ts';

/**
 * Tells the registrar of every log group that is created, where a trail of CloudTrail logs management events:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export function defineCreationEvents(
  module: ModuleStack,
  variables: Variables,
  functions: Functions,
  registry: LambdaInvocation,
): void {
  const rule = new CloudwatchEventRule(module, 'log_group_created.rule', {
    name: '${var.name}-log-group-created',
    description: 'Has the registrar ship a log group when it is born, if it is wanted.',
    eventPattern: JSON.stringify({
      source: ['aws.logs'],
      'detail-type': ['AWS API Call via CloudTrail'],
      // A creation that failed has an errorCode.
      detail: { eventSource: ['logs.amazonaws.com'], eventName: ['CreateLogGroup'], errorCode: [{ exists: false }] },
    }),
    tags: Token.asStringMap(variables.tags.value),
    dependsOn: [registry],
  });
  const target = new CloudwatchEventTarget(module, 'log_group_created.target', {
    rule: RULE('name'),
    arn: functions.registrar.arn,
    retryPolicy: { maximumRetryAttempts: 1, maximumEventAgeInSeconds: 60 },
  });
  const permission = new LambdaPermission(module, 'log_group_created.permission', {
    action: 'lambda:InvokeFunction',
    functionName: functions.registrar.functionName,
    principal: 'events.amazonaws.com',
    sourceArn: RULE('arn'),
  });
  for (const counted of [rule, target, permission]) counted.addOverride('count', '${var.follow_on_creation ? 1 : 0}');
}

const RULE = (attribute: string) => `\${aws_cloudwatch_event_rule.log_group_created[0].${attribute}}`;
