import { randomUUID } from 'node:crypto';
import {
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { clientConfig, type Place } from './account.ts';

/**
 * Does what EventBridge does in an account with a trail when a log group was created: tells the functions that are
 * targets of rules whose pattern matches. They get the event as it is, whatever input the target names, and their
 * permissions are not looked at.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 *
 * @param endpoint of the gateway: failures of the functions are its own to handle
 * @param input of the CreateLogGroup
 */
export async function tellOfCreation(endpoint: string, place: Place, input: object): Promise<void> {
  const events = new EventBridgeClient(clientConfig(endpoint, place));
  const lambda = new LambdaClient(clientConfig(endpoint, place));
  const Event = JSON.stringify(eventOf(place, input));
  const { Rules = [] } = await events.send(new ListRulesCommand({}));
  for (const { Name: Rule, EventPattern, State } of Rules) {
    if (State !== 'ENABLED' || !EventPattern) continue;
    const { Result } = await events.send(new TestEventPatternCommand({ Event, EventPattern }));
    const { Targets = [] } = Result ? await events.send(new ListTargetsByRuleCommand({ Rule })) : {};
    for (const { Arn } of Targets)
      await lambda.send(new InvokeCommand({ FunctionName: Arn, InvocationType: 'Event', Payload: Event }));
  }
}

function eventOf({ account, region }: Place, requestParameters: object) {
  const time = `${new Date().toISOString().slice(0, 19)}Z`;
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.logs',
    account,
    time,
    region,
    resources: [],
    detail: {
      eventVersion: '1.11',
      userIdentity: { type: 'Root', principalId: account, arn: `arn:aws:iam::${account}:root`, accountId: account },
      eventTime: time,
      eventSource: 'logs.amazonaws.com',
      eventName: 'CreateLogGroup',
      awsRegion: region,
      sourceIPAddress: '127.0.0.1',
      userAgent: 'aws-sdk-js',
      requestParameters,
      responseElements: null,
      requestID: randomUUID(),
      eventID: randomUUID(),
      readOnly: false,
      eventType: 'AwsApiCall',
      apiVersion: '20140328',
      managementEvent: true,
      recipientAccountId: account,
      eventCategory: 'Management',
    },
  };
}
