import { mkdirSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { dirname, join } from 'node:path';
import type { PendingCall } from './call.ts';
import { forward } from './forward.ts';
import type { Tell } from './progress.ts';
import { findPythonProgram } from './python-program.ts';
import type { Reply } from './reply.ts';
import { type Service, startService } from './service.ts';
import { VERSIONS } from './versions.ts';

/**
 * Starts moto, which answers for EC2: unlike MiniStack it knows images, and keeps of an instance all that Terraform
 * reads again. It boots nothing.
 *
 * @param command the program
 * @param port where it listens on 127.0.0.1
 * @param folder for what it writes
 */
export async function startMoto(command: string, port: number, folder: string): Promise<Service> {
  const temporary = join(folder, 'moto');
  mkdirSync(temporary);
  return startService({
    name: `moto ${VERSIONS.moto}`,
    command,
    args: ['-H', '127.0.0.1', '-p', String(port)],
    cwd: temporary,
    env: { PATH: dirname(command), HOME: temporary, TMPDIR: temporary },
    ready: async (signal) => (await fetch(`http://127.0.0.1:${port}/moto-api/data.json`, { signal })).ok,
    withinMs: 60_000,
  });
}

/** Finds moto: LOKI_SHIPPER_MOTO, else it is installed. @throws MissingPart */
export function findMoto(tell: Tell): Promise<string> {
  return findPythonProgram(
    { title: `moto ${VERSIONS.moto}`, folder: 'moto', program: 'moto_server', variable: 'LOKI_SHIPPER_MOTO' },
    tell,
  );
}

/** Whether a call is moto's: all of EC2, the alarms, which MiniStack describes in part, and parameters of AWS itself. */
export function isAnsweredByMoto({ service, action }: PendingCall, body: Buffer): boolean {
  if (service === 'ec2' || service === 'monitoring') return true;
  return service === 'ssm' && action.startsWith('GetParameter') && body.includes('"/aws/service/');
}

/** Where moto is, and for which account it answers. */
export interface AskedMoto {
  readonly port: number;
  readonly account: string;
}

/** Has moto answer for an account, which it does not take from an access key as MiniStack does. */
export function forwardToMoto({ port, account }: AskedMoto, incoming: IncomingMessage, body: Buffer): Promise<Reply> {
  return forward(port, incoming, body, { 'x-moto-account-id': account });
}

/** Has moto answer, and puts right what else would have Terraform find changes where there are none. */
export async function askMoto(
  moto: AskedMoto,
  action: string,
  incoming: IncomingMessage,
  body: Buffer,
): Promise<Reply> {
  const reply = await forwardToMoto(moto, incoming, body);
  if (reply.status !== 200) return reply;
  if (action.startsWith('AuthorizeSecurityGroup'))
    await describeRule(new URLSearchParams(body.toString()), reply, (put) => forwardToMoto(moto, incoming, put));
  return action === 'DescribeInstances' ? { ...reply, body: Buffer.from(completed(reply.body.toString())) } : reply;
}

/** What EC2 says of instances, of which moto leaves out some. */
function completed(instances: string): string {
  return (
    instances
      // An association stands for a public address, also an empty one.
      .replaceAll('<association/>', '')
      // The security groups of an instance are those of its network interface.
      .replace(
        /<groupSet>(.*?)<\/groupSet>((?:(?!<groupSet).)*)<groupSet\/>/gs,
        '<groupSet>$1</groupSet>$2<groupSet>$1</groupSet>',
      )
      .replaceAll('<metadataOptions>', `${RECOVERS}<metadataOptions>`)
  );
}

const RECOVERS = '<maintenanceOptions><autoRecovery>default</autoRecovery></maintenanceOptions>';

/** Puts the description of a new rule once more where it names a security group or a prefix list: of these, moto forgets it. */
async function describeRule(
  rule: URLSearchParams,
  { body }: Reply,
  put: (body: Buffer) => Promise<unknown>,
): Promise<void> {
  const part = (name: string) => rule.get(`IpPermissions.1.${name}`) ?? '';
  const id = /<securityGroupRuleId>([^<]+)/.exec(body.toString())?.[1];
  const peer = part('Groups.1.GroupId') ? 'Groups' : 'PrefixListIds';
  const description = part(`${peer}.1.Description`);
  if (!id || description === '') return;
  const fields = {
    SecurityGroupRuleId: id,
    'SecurityGroupRule.IpProtocol': part('IpProtocol'),
    'SecurityGroupRule.FromPort': part('FromPort'),
    'SecurityGroupRule.ToPort': part('ToPort'),
    ...(peer === 'Groups'
      ? { 'SecurityGroupRule.ReferencedGroupId': part('Groups.1.GroupId') }
      : { 'SecurityGroupRule.PrefixListId': part('PrefixListIds.1.PrefixListId') }),
    'SecurityGroupRule.Description': description,
  };
  const request = new URLSearchParams({
    Action: 'ModifySecurityGroupRules',
    Version: rule.get('Version') ?? '',
    GroupId: rule.get('GroupId') ?? '',
    ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [`SecurityGroupRule.1.${name}`, value])),
  });
  await put(Buffer.from(request.toString()));
}

/** IAM is MiniStack's, but moto starts an instance only with an instance profile that it knows. */
export const ANSWERED_BY_BOTH: readonly string[] = ['CreateInstanceProfile', 'DeleteInstanceProfile'];

/**
 * The answer to a MonitorInstances, which moto has not. Terraform calls it for each new instance that it has started with
 * monitoring, as moto describes it already.
 */
export function monitored(body: Buffer): Reply {
  const ids = [...new URLSearchParams(body.toString())].filter(([name]) => name.startsWith('InstanceId.'));
  const items = ids.map(
    ([, id]) => `<item><instanceId>${id}</instanceId><monitoring><state>enabled</state></monitoring></item>`,
  );
  const answer = `<MonitorInstancesResponse><instancesSet>${items.join('')}</instancesSet></MonitorInstancesResponse>`;
  return { status: 200, headers: { 'content-type': 'text/xml' }, body: Buffer.from(answer) };
}
