import { expect } from 'chai';
import type { Aws } from '../e2e/aws.ts';
import { eventually } from '../support/eventually.ts';
import type { Consumer } from './consumer.ts';

/** Writes a line into a log group, and finds it in Loki once. */
export async function shippedOnce({ stack }: Consumer, aws: Aws, logGroup: string, query: string): Promise<void> {
  await aws.log(logGroup, 'stream', 'a line of a consumer');
  const lines = await eventually(`a line under ${query}`, async () => {
    const found = await stack.loki.query(query);
    return found.length > 0 && found;
  });
  expect(lines.map(({ line }) => line)).to.deep.equal(['a line of a consumer']);
}
