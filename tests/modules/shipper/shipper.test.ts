import { expect } from 'chai';
import { SETTINGS } from '../../../function/config.ts';
import { CATALOGUE_KEY } from '../../../function/labels/catalogue.ts';
import { Ledger } from '../../../function/ledger.ts';
import { metricRecord } from '../../../function/metrics.ts';
import { REGISTRAR_SETTINGS } from '../../../function/registry/config.ts';
import { VERSION } from '../../../function/version.ts';
import { LokiModule } from '../../../modules/loki/index.ts';
import { newModuleApp } from '../../../modules/module-stack.ts';
import { ALARMS } from '../../../modules/shipper/alarm-names.ts';
import { ShipperModule } from '../../../modules/shipper/index.ts';
import { addresses } from '../addresses.ts';

const module = new ShipperModule(newModuleApp()).toModule();

describe('The module', () => {
  // Whoever renames one destroys and creates it in every installation: then a `moved` block belongs to the change.
  it('has resources of these addresses', () => {
    expect(addresses(module.resource)).to.have.members([
      'aws_cloudwatch_event_rule.log_group_created',
      'aws_cloudwatch_event_target.log_group_created',
      'aws_cloudwatch_log_group.registrar',
      'aws_cloudwatch_log_group.shipper',
      'aws_cloudwatch_log_subscription_filter.log_groups',
      'aws_cloudwatch_metric_alarm.async_event_age',
      'aws_cloudwatch_metric_alarm.delivery_errors',
      'aws_cloudwatch_metric_alarm.destination_failures',
      'aws_cloudwatch_metric_alarm.failed_deliveries',
      'aws_cloudwatch_metric_alarm.lag',
      'aws_cloudwatch_metric_alarm.parked_lines',
      'aws_cloudwatch_metric_alarm.registrar_errors',
      'aws_cloudwatch_metric_alarm.tag_lookups',
      'aws_cloudwatch_metric_alarm.throttles',
      'aws_iam_role.registrar',
      'aws_iam_role.scheduler',
      'aws_iam_role.shipper',
      'aws_iam_role_policy.registrar',
      'aws_iam_role_policy.scheduler',
      'aws_iam_role_policy.shipper',
      'aws_lambda_function.registrar',
      'aws_lambda_function.shipper',
      'aws_lambda_function_event_invoke_config.registrar',
      'aws_lambda_function_event_invoke_config.shipper',
      'aws_lambda_invocation.log_group_tags',
      'aws_lambda_invocation.registry',
      'aws_lambda_permission.log_group_created',
      'aws_lambda_permission.log_groups',
      'aws_s3_bucket.storage',
      'aws_s3_bucket_lifecycle_configuration.storage',
      'aws_s3_bucket_ownership_controls.storage',
      'aws_s3_bucket_policy.storage',
      'aws_s3_bucket_public_access_block.storage',
      'aws_s3_bucket_server_side_encryption_configuration.storage',
      'aws_s3_object.selection',
      'aws_scheduler_schedule.registrar',
      'aws_ssm_parameter.installation',
      'terraform_data.installation',
    ]);
  });

  it('looks up the account and the groups of the prefixes, and nothing else', () => {
    expect(addresses(module.data)).to.have.members([
      'aws_caller_identity.current',
      'aws_cloudwatch_log_groups.by_prefix',
      'aws_partition.current',
      'aws_region.current',
    ]);
  });

  it('consists of these parts, without provider block and backend', () => {
    expect(module).to.have.all.keys('terraform', 'variable', 'locals', 'data', 'resource', 'module', 'check', 'output');
    expect(module.terraform).to.deep.equal({
      required_version: '>= 1.9.0',
      required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.100.0' } },
    });
  });

  it('refers only to what it has', () => {
    const known = new Set([
      ...Object.keys(module.variable).map((name) => `var.${name}`),
      ...Object.keys(module.locals).map((name) => `local.${name}`),
      ...addresses(module.data).map((address) => `data.${address}`),
      ...addresses(module.resource),
      ...Object.keys(module.module ?? {}).map((name) => `module.${name}`),
    ]);
    const references = JSON.stringify(module).matchAll(
      /\b(?:var|local|module|data\.\w+|(?<!data\.)aws_\w+|terraform_data)\.[a-z]\w*/g,
    );
    expect([...new Set(Array.from(references, ([reference]) => reference))].filter((name) => !known.has(name))).to.eql(
      [],
    );
  });

  it('uses every variable and every local value', () => {
    const { variable, ...rest } = module;
    for (const name of Object.keys(variable)) expect(JSON.stringify(rest)).to.match(new RegExp(`\\bvar\\.${name}\\b`));
    for (const name of Object.keys(module.locals))
      expect(JSON.stringify(module)).to.match(new RegExp(`\\blocal\\.${name}\\b`));
  });
});

describe('Its host', () => {
  const { loki } = module.module ?? {};

  it('is there if it is asked for', () => {
    expect(loki).to.include({ source: './modules/loki', count: '${var.loki_host == null ? 0 : 1}' });
  });

  it('gets each input that its module has, and no other', () => {
    const { source: _source, count: _count, ...inputs } = loki ?? {};
    const { variable } = new LokiModule(newModuleApp()).toModule();
    expect(inputs).to.have.all.keys(...Object.keys(variable));
    for (const [name, value] of Object.entries(inputs))
      expect(value).to.be.oneOf([`\${var.loki_host.${name}}`, `\${var.${name}}`, '${var.name}']);
  });

  it('has no defaults in loki_host, so that those of its module count', () => {
    expect(module.variable.loki_host?.type).to.match(/\bvolume_gb = optional\(number\), /);
  });
});

describe('Its variables', () => {
  const variables = Object.entries(module.variable);

  it('are fewer than 40, of which none is required: one of two is', () => {
    expect(variables).to.have.length.below(40);
    expect(variables.filter(([, { default: fallback }]) => fallback === undefined)).to.be.empty;
  });

  for (const [name, variable] of variables) {
    it(`${name} has description, type, default and validation, in this order`, () => {
      const order = ['description', 'type', 'default', 'nullable', 'validation'];
      expect(Object.keys(variable)).to.eql(order.filter((key) => Object.hasOwn(variable, key)));
      expect(variable.description).to.match(/^[A-Z].+[.)]$/);
      expect(variable.type).to.match(/^(string|number|bool|list|map|object)/);
      if (variable.type !== 'bool') expect(variable.validation).not.to.equal(undefined);
    });

    it(`${name} is never null when it has another default`, () => {
      expect(variable.nullable).to.equal(variable.default === null ? undefined : false);
    });

    it(`${name} is refused in one sentence that names it and says what is right`, () => {
      for (const { error_message } of variable.validation ?? [])
        expect(error_message).to.match(new RegExp(`^${name}(\\.\\w+)? must .+\\.$`));
    });
  }
});

describe('Its outputs', () => {
  it('are these, each described', () => {
    expect(module.output).to.have.all.keys(
      'shipper_function_arn',
      'shipper_function_name',
      'registrar_function_arn',
      'registrar_function_name',
      'bucket',
      'log_groups',
      'loki_host',
      'reconciliation',
      'version',
    );
    for (const { description } of Object.values(module.output)) expect(description).to.match(/^[A-Z].+\.$/);
  });

  it('tell the version that the functions tell', () => {
    expect(module.output.version?.value).to.equal(`\${"${VERSION}"}`);
  });
});

describe('Its order', () => {
  /** All that a resource waits for, directly or through others: what it names and what it refers to. */
  function waitsFor(address: string, found = new Set<string>()): ReadonlySet<string> {
    const [type = '', name = ''] = address.split('.');
    const block = JSON.stringify(module.resource[type]?.[name]);
    for (const other of addresses(module.resource))
      if (!found.has(other) && other !== address && new RegExp(`\\b${other.replace('.', '\\.')}\\b`).test(block)) {
        found.add(other);
        waitsFor(other, found);
      }
    return found;
  }

  it('creates the filters last of all that deliveries need, and destroys them first', () => {
    expect([...waitsFor('aws_cloudwatch_log_subscription_filter.log_groups')]).to.include.members([
      'aws_lambda_permission.log_groups',
      'aws_lambda_invocation.log_group_tags',
      'aws_lambda_function_event_invoke_config.shipper',
      'aws_lambda_function.shipper',
      'aws_iam_role_policy.shipper',
      'aws_cloudwatch_log_group.shipper',
      'aws_s3_bucket.storage',
      'aws_s3_bucket_policy.storage',
    ]);
  });

  for (const name of ['shipper', 'registrar'])
    it(`creates the log group and the permissions of the ${name} before it can run`, () => {
      expect([...waitsFor(`aws_lambda_function.${name}`)]).to.include.members([
        `aws_cloudwatch_log_group.${name}`,
        `aws_iam_role_policy.${name}`,
      ]);
    });

  it('has the registrar subscribe last of all, and unsubscribe first', () => {
    expect([...waitsFor('aws_lambda_invocation.registry')]).to.include.members([
      'aws_s3_object.selection',
      'aws_cloudwatch_log_subscription_filter.log_groups',
      'aws_lambda_invocation.log_group_tags',
      'aws_lambda_permission.log_groups',
      'aws_lambda_function_event_invoke_config.shipper',
      'aws_iam_role_policy.registrar',
      'aws_s3_bucket_policy.storage',
    ]);
  });

  for (const address of [
    'aws_scheduler_schedule.registrar',
    'aws_cloudwatch_event_rule.log_group_created',
    'aws_cloudwatch_event_target.log_group_created',
    'aws_lambda_permission.log_group_created',
    'aws_ssm_parameter.installation',
  ])
    it(`has ${address} run the registrar only while there is a registry`, () => {
      expect([...waitsFor(address)]).to.include('aws_lambda_invocation.registry');
    });

  it('creates the registrar with its permissions before the tags, and destroys it after them', () => {
    expect([...waitsFor('aws_lambda_invocation.log_group_tags')]).to.include.members([
      'aws_lambda_function.registrar',
      'aws_iam_role_policy.registrar',
    ]);
  });
});

describe('Its resources', () => {
  it('carry the tags wherever a resource can', () => {
    const tagged = [
      'aws_cloudwatch_event_rule',
      'aws_cloudwatch_log_group',
      'aws_cloudwatch_metric_alarm',
      'aws_iam_role',
      'aws_lambda_function',
      'aws_s3_bucket',
      'aws_ssm_parameter',
    ];
    for (const type of tagged)
      for (const block of Object.values(module.resource[type] ?? {})) expect(block.tags).to.equal('${var.tags}');
  });

  it('let CloudWatch Logs of this account and region call the shipper, and nobody else', () => {
    expect(module.resource.aws_lambda_permission?.log_groups).to.include({
      action: 'lambda:InvokeFunction',
      principal: 'logs.amazonaws.com',
      source_account: '${local.account_id}',
      source_arn: 'arn:${local.partition}:logs:${local.region}:${local.account_id}:log-group:*:*',
    });
  });

  it('keep the bucket private and encrypted', () => {
    const { resource } = module;
    expect(resource.aws_s3_bucket_public_access_block?.storage).to.include({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(resource.aws_s3_bucket_server_side_encryption_configuration?.storage).to.have.nested.property(
      'rule[0].apply_server_side_encryption_by_default.sse_algorithm',
      'AES256',
    );
    expect(resource.aws_s3_bucket_policy?.storage?.policy).to.contain('"aws:SecureTransport" = "false"');
  });

  it('have Lambda try a delivery three times within six hours, and then keep it in the bucket', () => {
    expect(module.resource.aws_lambda_function_event_invoke_config?.shipper).to.deep.include({
      maximum_retry_attempts: 2,
      maximum_event_age_in_seconds: 21600,
      destination_config: { on_failure: { destination: '${aws_s3_bucket.storage.arn}' } },
    });
  });

  it('grant actions by name', () => {
    for (const { policy } of Object.values(module.resource.aws_iam_role_policy ?? {})) {
      const actions = Array.from(String(policy).matchAll(/Action = (\[.*?\])/g), ([, list = '']) => JSON.parse(list));
      expect(actions.flat()).to.have.length.above(0);
      for (const action of actions.flat()) expect(action).to.match(/^[a-z0-9]+:[A-Za-z]+$/);
    }
  });

  it('let the shipper decrypt secrets through their services, and nothing else with their key', () => {
    const { policy } = module.resource.aws_iam_role_policy?.shipper ?? {};
    expect(policy).to.match(
      /"kms:Decrypt"\], Resource = [^{}]+, Condition = \{ StringLike = \{ "kms:ViaService" = \["secretsmanager\.\*", "ssm\.\*"\] \} \} \}/,
    );
  });

  it('let the shipper read the catalogue where it looks for it', () => {
    const { policy } = module.resource.aws_iam_role_policy?.shipper ?? {};
    const [, resource] = /Sid = "ReadCatalogue", .*?Resource = \["([^"]+)"\]/.exec(String(policy)) ?? [];
    expect(resource?.endsWith(`/${CATALOGUE_KEY}`), resource).to.equal(true);
  });

  it('expire parked lines and failed deliveries, and nothing else that the bucket holds', () => {
    const { rule } = module.resource.aws_s3_bucket_lifecycle_configuration?.storage ?? {};
    const expiring = (rule as { filter: [{ prefix?: string }]; expiration?: [{ days: string }] }[]).filter(
      ({ expiration }) => expiration,
    );
    expect(expiring.map(({ filter: [{ prefix }], expiration }) => [prefix, expiration?.[0].days])).to.deep.equal([
      ['aws/lambda/async/', '${var.failed_delivery_retention_days}'],
      ['parked/', '${var.failed_delivery_retention_days}'],
    ]);
  });

  for (const name of ALARMS)
    it(`have the alarm ${name}, which can be switched off and tells whom it is told to`, () => {
      const alarm = module.resource.aws_cloudwatch_metric_alarm?.[name];
      expect(alarm).to.deep.include({
        count: `\${var.alarms.${name} ? 1 : 0}`,
        alarm_name: `\${var.name}-${name.replaceAll('_', '-')}`,
        dimensions: { FunctionName: `\${var.name}-${name === 'registrar_errors' ? 'registrar' : 'shipper'}` },
        alarm_actions: '${var.alarm_actions}',
        ok_actions: '${var.alarm_actions}',
        treat_missing_data: 'notBreaching',
      });
      expect(alarm?.alarm_description).to.match(new RegExp(`^[A-Z].+\\. Runbook: docs/operations\\.md, ${name}\\.$`));
    });

  it("measure what the shipper's record has", () => {
    const ledger = Object.assign(new Ledger(), { received: 1, newest: 0, oldest: 0, tagLookupsFailed: 1 });
    ledger.park('line_too_long', 1);
    const record = JSON.parse(metricRecord(ledger, { functionName: '', requestId: '', logGroup: '', now: 1 }));
    const { Namespace, Metrics } = record._aws.CloudWatchMetrics[0];
    const known = Metrics.map(({ Name }: { Name: string }) => Name);
    const ours = Object.values(module.resource.aws_cloudwatch_metric_alarm ?? {}).filter(
      ({ namespace }) => namespace !== 'AWS/Lambda',
    );
    expect(ours).to.have.length(3);
    for (const alarm of ours) {
      expect(alarm.namespace).to.equal(Namespace);
      expect(known).to.include(alarm.metric_name);
    }
  });

  it('give the functions the environment that they read', () => {
    const { shipper, registrar } = module.resource.aws_lambda_function ?? {};
    expect(shipper?.environment).to.deep.equal({ variables: '${local.shipper_environment}' });
    const written = JSON.stringify([module.locals.shipper_environment, module.locals.loki_secrets]).matchAll(
      /\b([A-Z][A-Z_]+) = /g,
    );
    expect(Array.from(written, ([, name]) => name)).to.have.members([...SETTINGS]);
    expect(registrar?.environment)
      .to.have.property('variables')
      .that.has.all.keys(...REGISTRAR_SETTINGS);
  });
});
