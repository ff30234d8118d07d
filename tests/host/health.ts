import { expect } from 'chai';
import type { Sandbox } from './sandbox.ts';

/** Of a line in logfmt. */
export const fields = (line: string): Readonly<Record<string, string>> =>
  Object.fromEntries(line.split(' ').map((pair) => pair.split('=') as [string, string]));

/** Runs the check. @returns the metrics that it puts into CloudWatch */
export async function checkHealth(sandbox: Sandbox): Promise<Readonly<Record<string, number>>> {
  sandbox.calls();
  await sandbox.output('bash', '/opt/loki-host/bin/health');
  const [call = '', ...others] = sandbox.calls();
  expect(others).to.deep.equal([]);
  expect(call).to.match(/^aws cloudwatch put-metric-data --namespace loki-shipper\/host --metric-data /);
  const metrics = call.matchAll(/MetricName=(\w+),Value=([\d.]+),Unit=\w+,Dimensions=\[\{Name=Host,Value=logs\}\]/g);
  return Object.fromEntries(Array.from(metrics, ([, name, value]) => [name, Number(value)]));
}
