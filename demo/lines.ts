import { setTimeout as delay } from 'node:timers/promises';
import { CloudWatchLogsClient, CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Line } from '../tools/local/loki.ts';
import type { Stack } from '../tools/local/stack.ts';

/** Runs functions, as their schedules do each minute. */
export async function invoke({ client }: Stack, functions: readonly string[]): Promise<void> {
  const lambda = new LambdaClient(client);
  for (const FunctionName of functions) {
    const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName }));
    if (FunctionError) throw new Error(`${FunctionName} failed: ${Buffer.from(Payload ?? [])}`);
  }
}

/** Polls a query until it has an answer. */
export async function answer({ loki }: Stack, logql: string, withinMs = 30_000): Promise<readonly Line[]> {
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline) {
    const lines = await loki.query(logql);
    if (lines.length > 0) return lines;
    await delay(10);
  }
  throw new Error(`Loki has no answer to ${logql} after ${withinMs / 1000} s.`);
}

/** @returns milliseconds from writing a line to CloudWatch until a query of Loki shows it */
export async function putToVisible(stack: Stack, logGroupName: string): Promise<number> {
  const logs = new CloudWatchLogsClient(stack.client);
  const stream = { logGroupName, logStreamName: 'demo' };
  const message = JSON.stringify({ level: 'info', message: 'written by the demo, to see how long it takes' });
  await logs.send(new CreateLogStreamCommand(stream));
  const start = Date.now();
  await logs.send(new PutLogEventsCommand({ ...stream, logEvents: [{ timestamp: start, message }] }));
  await answer(stack, `{log_group="${logGroupName}"} | log_stream="demo"`);
  return Date.now() - start;
}
