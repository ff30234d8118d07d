import { CloudWatchLogsClient, CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetRolePolicyCommand, IAMClient, ListRolePoliciesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LogType,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect } from 'chai';
import type { Attachment, Reconciliation } from '../../function/registry/answers.ts';
import { ACCOUNT, REGION } from '../../tools/local/account.ts';
import { sessionOf } from '../../tools/local/on-failure.ts';
import { type Stack, startStack } from '../../tools/local/stack.ts';
import { eventually } from '../support/eventually.ts';
import { orSkip } from '../support/parts.ts';
import { Aws, deliveryOf } from './aws.ts';
import { Deployment } from './deployment.ts';

const GROUP = '/aws/lambda/fun-checkout';
const ATTACHED = '/ecs/orders';
/** More than the registrar asks for with the times of their creation. */
const MANY = 1_001;
const SHIPPER = 'loki-shipper-shipper';
const REGISTRAR = 'loki-shipper-registrar';

interface Statement {
  readonly Sid: string;
  readonly Action: readonly string[];
}

/** A policy of a role, as it was deployed. */
interface Policy {
  readonly RoleName: string;
  readonly PolicyName: string;
  readonly document: { readonly Version: string; readonly Statement: readonly Statement[] };
}

describe('Least privilege', function () {
  this.timeout(300_000);
  let stack: Stack;
  let aws: Aws;
  let iam: IAMClient;
  let policies: Readonly<Record<string, Policy>>;
  let bucket: string;
  let events = 0;

  before(async function () {
    stack = await orSkip(this, startStack);
    aws = new Aws(stack);
    iam = new IAMClient(stack.client);
    await aws.createLogGroup(GROUP);
    await aws.createLogGroup(ATTACHED);
    const { ARN: basic_auth_arn } = await new SecretsManagerClient(stack.client).send(
      new CreateSecretCommand({ Name: 'loki', SecretString: 'user:word' }),
    );
    await new SSMClient(stack.client).send(
      new PutParameterCommand({ Name: '/loki/tenant', Value: 'team', Type: 'SecureString' }),
    );
    const tenant_arn = `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/loki/tenant`;
    const deployment = new Deployment(stack, 'platform');
    await deployment.apply({
      loki_url: stack.loki.url,
      loki_auth: { basic_auth_arn, tenant_arn },
      log_groups: { [GROUP]: { tags: { owner: 'checkout' } } },
      labels: { from_tags: ['owner'] },
      // No run of the schedule comes in between.
      registrar_interval_minutes: 60,
      force_destroy: true,
    });
    ({ bucket } = await deployment.outputs());
    policies = { [SHIPPER]: await policyOf(SHIPPER), [REGISTRAR]: await policyOf(REGISTRAR) };
  });

  after(() => stack?.stop());

  async function policyOf(functionName: string): Promise<Policy> {
    const { Role = '' } = await aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName }));
    const RoleName = Role.split('/').at(-1) ?? '';
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    expect(PolicyNames).to.have.length(1);
    const PolicyName = PolicyNames[0] ?? '';
    const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    return { RoleName, PolicyName, document: JSON.parse(decodeURIComponent(PolicyDocument)) };
  }

  /** Takes an action of a statement away; what is allowed then is the rest. */
  async function without(taken: string, { document, ...name }: Policy): Promise<void> {
    const Statement = document.Statement.map((statement) => ({
      ...statement,
      Action: statement.Action.filter((action) => `${statement.Sid} ${action}` !== taken),
    })).filter((statement) => statement.Action.length > 0);
    await iam.send(new PutRolePolicyCommand({ ...name, PolicyDocument: JSON.stringify({ ...document, Statement }) }));
  }

  /** A new container has read no tags and no secrets yet. A function gets one when its environment changes. */
  async function coldStart(FunctionName: string): Promise<void> {
    const { Environment } = await aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const Variables = { ...Environment?.Variables, COLD_START: String(events++) };
    await aws.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
  }

  async function ship(logGroup = GROUP): Promise<void> {
    await coldStart(SHIPPER);
    const delivery = deliveryOf(logGroup, [{ id: String(events++), timestamp: Date.now(), message: 'a line' }]);
    const error = await aws.invoke(SHIPPER, delivery);
    if (error) throw new Error(error);
  }

  /** Asks for the tags of a log group that no catalogue has. */
  const shipUnlisted = () => ship('/aws/lambda/unlisted');

  /** Without the catalogue, the shipper asks for the tags of the log group instead, and counts. */
  async function readCatalogue(): Promise<void> {
    await coldStart(SHIPPER);
    const delivery = deliveryOf(GROUP, [{ id: String(events++), timestamp: Date.now(), message: 'a line' }]);
    const command = { FunctionName: SHIPPER, LogType: LogType.Tail, Payload: JSON.stringify(delivery) };
    const { LogResult = '' } = await aws.lambda.send(new InvokeCommand(command));
    const log = Buffer.from(LogResult, 'base64').toString();
    expect(log).to.include('"EntriesStored":1');
    if (log.includes('"CatalogueReadsFailed":1')) throw new Error(log);
  }

  /** A payload that fails each time ends in the bucket. */
  async function keepFailure(): Promise<void> {
    const before = stack.gateway.outcomes.length;
    await aws.invokeAsynchronously(SHIPPER, { no: 'delivery' });
    const outcome = await eventually('the outcome', async () => stack.gateway.outcomes[before]);
    if (outcome.kind === 'lost') throw new Error(outcome.reason);
  }

  async function register(action: 'create' | 'delete'): Promise<void> {
    const tags = { [`key-${action === 'create' ? ++events : events}`]: 'value' };
    const error = await aws.invoke(REGISTRAR, { logGroup: GROUP, tags, tf: { action, prev_input: null } });
    if (error) throw new Error(error);
  }

  async function unregister(): Promise<void> {
    await register('create');
    await register('delete');
  }

  /** Lambda writes what a function prints with the rights of its role; the emulator does it with its own. */
  const writeOwnLog = (functionName: string) => async () => {
    const logs = new CloudWatchLogsClient(await sessionOf(stack.endpoint, functionName));
    const stream = { logGroupName: `/aws/lambda/${functionName}`, logStreamName: `stream-${events++}` };
    await logs.send(new CreateLogStreamCommand(stream));
    const logEvents = [{ timestamp: Date.now(), message: 'a line' }];
    await logs.send(new PutLogEventsCommand({ ...stream, logEvents }));
  };

  /** A line that is too old is not sent, and parked. */
  async function park(): Promise<void> {
    const delivery = deliveryOf(GROUP, [{ id: String(events++), timestamp: 0, message: 'old' }]);
    const error = await aws.invoke(SHIPPER, delivery);
    if (error) throw new Error(error);
  }

  /** Has the registrar replay what somebody put into the bucket. */
  async function replay(): Promise<void> {
    const delivery = deliveryOf(GROUP, [{ id: String(events++), timestamp: Date.now(), message: 'a line' }]);
    const day = '2026/01/15';
    const key = `aws/lambda/async/${SHIPPER}/${day}/${events}`;
    await aws.put(bucket, key, { requestPayload: delivery });
    const page = await aws.call(REGISTRAR, {
      action: 'replay',
      after: `aws/lambda/async/${SHIPPER}/${day}/`,
      filter: { reason: 'failed_delivery' },
    });
    const { objects } = page as {
      readonly objects: readonly { readonly key: string; readonly error: string | null }[];
    };
    const result = objects.find((object) => object.key === key);
    if (result?.error !== null) throw new Error(result?.error ?? 'not replayed');
  }

  async function reconcile(): Promise<void> {
    const { ok, error, skipped } = (await aws.call(REGISTRAR, { action: 'reconcile' })) as Reconciliation;
    if (!ok || skipped) throw new Error(error ?? skipped ?? '');
  }

  /** Only among very many log groups they are listed instead of described. */
  async function reconcileAmongMany(): Promise<void> {
    await createMany();
    await reconcile();
  }

  let many: Promise<unknown> | undefined;
  function createMany(): Promise<unknown> {
    many ??= Promise.all(Array.from({ length: MANY }, (_, i) => aws.createLogGroup(`/many/${i}`)));
    return many;
  }

  /** Where all tags cannot be read at once, the registrar reads them one by one: only the answer tells. */
  async function readAllTags(): Promise<void> {
    const before = stack.gateway.calls.length;
    await reconcile();
    const asked = stack.gateway.calls.slice(before).filter(({ action }) => action === 'GetResources');
    expect(asked).not.to.be.empty;
    for (const { status } of asked) if (status !== 200) throw new Error(`GetResources: ${status}`);
  }

  async function attachAndDetach(): Promise<void> {
    for (const action of ['attach', 'detach']) {
      const claim = { action, logGroup: ATTACHED, claimant: 'test' };
      const wish = { tags: {}, filterPattern: null };
      const { ok, error } = (await aws.call(REGISTRAR, {
        ...claim,
        ...(action === 'attach' && wish),
      })) as Attachment;
      if (!ok) throw new Error(error ?? '');
    }
  }

  /** What needs each action of each statement. */
  const NEEDS: Readonly<Record<string, Readonly<Record<string, () => Promise<void>>>>> = {
    [SHIPPER]: {
      'WriteOwnLog logs:CreateLogStream': writeOwnLog(SHIPPER),
      'WriteOwnLog logs:PutLogEvents': writeOwnLog(SHIPPER),
      'ReadTags logs:ListTagsForResource': shipUnlisted,
      'ReadCatalogue s3:GetObject': readCatalogue,
      'ReadSecrets secretsmanager:GetSecretValue': ship,
      'ReadParameters ssm:GetParameter': ship,
      'KeepFailedDeliveries s3:PutObject': keepFailure,
      'FindBucket s3:ListBucket': keepFailure,
      'ParkLines s3:PutObject': park,
      'Replay s3:GetObject': replay,
      'Replay s3:DeleteObject': replay,
    },
    [REGISTRAR]: {
      'WriteOwnLog logs:CreateLogStream': writeOwnLog(REGISTRAR),
      'WriteOwnLog logs:PutLogEvents': writeOwnLog(REGISTRAR),
      'WriteTags logs:ListTagsForResource': () => register('create'),
      'WriteTags logs:TagResource': () => register('create'),
      'WriteTags logs:UntagResource': unregister,
      'FindLogGroups logs:DescribeLogGroups': attachAndDetach,
      'FindLogGroups logs:ListLogGroups': reconcileAmongMany,
      'FindLogGroups tag:GetResources': readAllTags,
      'Subscribe logs:DescribeSubscriptionFilters': attachAndDetach,
      'Subscribe logs:PutSubscriptionFilter': attachAndDetach,
      'Subscribe logs:DeleteSubscriptionFilter': attachAndDetach,
      'ReadRegistry s3:GetObject': reconcile,
      'WriteRegistry s3:PutObject': reconcile,
      'WriteRegistry s3:DeleteObject': attachAndDetach,
      'FindBucket s3:ListBucket': replay,
      'Replay lambda:InvokeFunction': replay,
    },
  };

  for (const [functionName, needs] of Object.entries(NEEDS)) {
    it(`knows what ${functionName} needs each of its actions for`, () => {
      const allowed = policies[functionName]?.document.Statement.flatMap(({ Sid, Action }) =>
        Action.map((action) => `${Sid} ${action}`),
      );
      expect(allowed).to.have.members(Object.keys(needs));
    });

    for (const [action, use] of Object.entries(needs)) {
      it(`${functionName} works with ${action}, and not without`, async () => {
        const policy = policies[functionName];
        if (!policy) throw new Error('not deployed');
        await use();
        await without(action, policy);
        try {
          const words = await use().then(
            () => 'it works all the same',
            (error: Error) => `${error.name} ${error.message}`,
          );
          expect(words).to.match(/AccessDenied|not authorized|403|Forbidden/);
        } finally {
          await without('nothing', policy);
        }
      });
    }
  }

  it('does not let the functions write to logs that are not their own', async () => {
    for (const functionName of [SHIPPER, REGISTRAR]) {
      const logs = new CloudWatchLogsClient(await sessionOf(stack.endpoint, functionName));
      const words = await logs.send(new CreateLogStreamCommand({ logGroupName: GROUP, logStreamName: 'x' })).then(
        () => 'written',
        (error: Error) => error.name,
      );
      expect(words).to.equal('AccessDeniedException');
    }
  });
});
