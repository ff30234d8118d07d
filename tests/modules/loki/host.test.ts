import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { ALARMS } from '../../../modules/loki/alarm-names.ts';
import { LokiModule } from '../../../modules/loki/index.ts';
import { newModuleApp } from '../../../modules/module-stack.ts';

const module = new LokiModule(newModuleApp()).toModule();
const { resource } = module;

/** What runs on the instance. */
const scripts = [
  readFileSync('modules/loki/user-data.yaml.tftpl', 'utf8'),
  ...readdirSync('modules/loki/host/bin', { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(`${parentPath}/${name}`, 'utf8')),
].join('\n');

describe('The instance of the module loki', () => {
  const instance = resource.aws_instance?.loki;

  it('is not replaced by a newer image or by what it boots with', () => {
    expect(instance).to.have.deep.property('lifecycle', {
      ignore_changes: ['ami'],
      replace_triggered_by: ['aws_ebs_volume.data.id'],
    });
    expect(instance).to.have.property('user_data_replace_on_change', false);
  });

  it('boots with values that no setting changes', () => {
    expect(instance?.user_data).to.include('for name in ["name", "region", "config_bucket"] : name =>');
  });

  it('recovers by itself, and costs no more than it says', () => {
    expect(instance).to.have.deep.property('maintenance_options', { auto_recovery: 'default' });
    expect(instance).to.have.nested.property('dynamic.credit_specification.content.cpu_credits');
  });

  it('boots when all is there that its boot needs', () => {
    expect(instance?.depends_on).to.include.members([
      'aws_iam_role_policy.host',
      'aws_iam_role_policy_attachment.session_manager',
      'aws_route.private',
      'aws_route.public',
      'aws_route_table_association.private',
      'aws_route_table_association.public',
      'aws_s3_object.manifest',
      'aws_vpc_endpoint.s3',
      'aws_vpc_security_group_egress_rule.loki',
      'aws_vpc_security_group_egress_rule.loki_to_s3',
    ]);
  });

  it('finds each file that the list of files names', () => {
    expect(resource.aws_s3_object?.manifest?.depends_on).to.deep.equal(['aws_s3_object.host_files']);
  });

  it('has no say in what becomes of the volume', () => {
    expect(JSON.stringify(resource.aws_ebs_volume)).not.to.include('aws_instance');
    expect(resource.aws_volume_attachment?.data).to.include({
      volume_id: '${aws_ebs_volume.data.id}',
      instance_id: '${aws_instance.loki.id}',
      stop_instance_before_detaching: true,
    });
  });
});

describe('The resources of the module loki', () => {
  /** Those that AWS tags nowhere, and objects in buckets, which take ten tags. */
  const UNTAGGED =
    /^(aws_iam_role_policy|aws_iam_role_policy_attachment|aws_route|aws_route_table_association|aws_s3_bucket_\w+|aws_s3_object|aws_volume_attachment|terraform_data)$/;

  it('carry the tags wherever a resource can', () => {
    for (const [type, blocks] of Object.entries(resource))
      for (const [name, block] of Object.entries(blocks))
        if (UNTAGGED.test(type)) expect(block, `${type}.${name}`).not.to.have.property('tags');
        else expect(block.tags, `${type}.${name}`).to.match(/^\$\{(var\.tags|merge\(\{ Name = .*\}, var\.tags\))\}$/);
    expect(resource.aws_instance?.loki).to.have.nested.property('root_block_device.tags');
  });

  it('say what each security group and each of its rules is for', () => {
    const rules = Object.entries(resource).filter(([type]) => /^aws_(vpc_)?security_group/.test(type));
    expect(rules).to.have.length(3);
    for (const [, blocks] of rules)
      for (const block of Object.values(blocks)) expect(block.description).to.match(/^[A-Z].+\.$/);
  });

  it('open no port but those of the proxy', () => {
    for (const rule of Object.values(resource.aws_vpc_security_group_ingress_rule ?? {})) {
      expect(rule.ip_protocol).to.equal('tcp');
      expect(rule.from_port).to.equal(rule.to_port).and.to.be.oneOf([443, 3100]);
    }
  });

  it('encrypt what they keep', () => {
    expect(resource.aws_ebs_volume?.data).to.include({ encrypted: true, kms_key_id: '${var.kms_key_arn}' });
    expect(resource.aws_instance?.loki).to.have.nested.property('root_block_device.encrypted', true);
    for (const bucket of Object.keys(resource.aws_s3_bucket ?? {})) {
      expect(resource.aws_s3_bucket_server_side_encryption_configuration).to.have.property(bucket);
      expect(resource.aws_s3_bucket_policy?.[bucket]?.policy).to.contain('"aws:SecureTransport" = "false"');
      expect(resource.aws_s3_bucket_public_access_block?.[bucket]).to.include({
        block_public_acls: true,
        block_public_policy: true,
        ignore_public_acls: true,
        restrict_public_buckets: true,
      });
    }
  });

  it('put no secret into the state: nothing here has the value of one', () => {
    expect(resource).not.to.have.any.keys('aws_secretsmanager_secret_version', 'random_password', 'aws_ssm_parameter');
    for (const secret of Object.values(resource.aws_secretsmanager_secret ?? {}))
      expect(secret).to.have.all.keys('name_prefix', 'description', 'kms_key_id', 'recovery_window_in_days', 'tags');
    expect(module.data).not.to.have.property('aws_secretsmanager_secret_version');
  });

  it('expire no chunk and no index of Loki, which its compactor deletes', () => {
    const { rule } = resource.aws_s3_bucket_lifecycle_configuration?.chunks ?? {};
    for (const one of rule as object[])
      expect(one).to.have.all.keys('id', 'status', 'filter', 'abort_incomplete_multipart_upload');
  });
});

describe('The role of its instance', () => {
  const policy = String(resource.aws_iam_role_policy?.host?.policy);
  /** Sid → actions, list of resources. */
  const statements = new Map(
    Array.from(
      policy.matchAll(/\{ Sid = "(\w+)", Effect = "Allow", Action = (\[.*?\]), Resource = (.*?) \}(?=[,\]])/g),
      ([, sid = '', actions = '', resources = '']) => [sid, { actions: JSON.parse(actions) as string[], resources }],
    ),
  );

  it('grants these actions, each by name', () => {
    expect(Object.fromEntries(Array.from(statements, ([sid, { actions }]) => [sid, actions]))).to.deep.equal({
      FetchConfiguration: ['s3:GetObject'],
      GenerateSecrets: ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'],
      ReadCertificate: ['secretsmanager:GetSecretValue'],
      PutMetrics: ['cloudwatch:PutMetricData'],
      FindChunks: ['s3:ListBucket'],
      KeepChunks: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      UseKey: ['kms:Decrypt', 'kms:GenerateDataKey'],
      ReadMetrics: ['cloudwatch:GetMetricData', 'cloudwatch:ListMetrics'],
      QueryLogs: ['logs:StartQuery', 'logs:GetLogGroupFields'],
      ReadQueries: ['logs:DescribeLogGroups', 'logs:GetQueryResults', 'logs:StopQuery'],
    });
  });

  it('grants them on all resources only where AWS knows no narrower one', () => {
    const onAll = Array.from(statements).filter(([, { resources }]) => resources.startsWith('["*"]'));
    expect(onAll.map(([sid]) => sid)).to.have.members(['PutMetrics', 'ReadMetrics', 'ReadQueries']);
    expect(statements.get('PutMetrics')?.resources).to.include('"cloudwatch:namespace" = "loki-shipper/host"');
  });

  it('grants each call of the scripts, and of what they call nothing else', () => {
    const calls = new Set(
      Array.from(scripts.matchAll(/\baws ([a-z0-9]+) ([a-z-]+)/g), ([, ...call]) => call.join(' ')),
    );
    const actions: Readonly<Record<string, string>> = {
      's3 cp': 's3:GetObject',
      'secretsmanager get-secret-value': 'secretsmanager:GetSecretValue',
      'secretsmanager put-secret-value': 'secretsmanager:PutSecretValue',
      'cloudwatch put-metric-data': 'cloudwatch:PutMetricData',
    };
    expect([...calls]).to.have.members(Object.keys(actions));
    for (const sid of ['FetchConfiguration', 'GenerateSecrets', 'PutMetrics'])
      for (const action of statements.get(sid)?.actions ?? []) expect(Object.values(actions)).to.include(action);
  });

  it('lets the instance generate its own secrets, and no others', () => {
    const own = Object.keys(resource.aws_secretsmanager_secret ?? {}).map(
      (name) => `aws_secretsmanager_secret.${name}.arn`,
    );
    expect(own).to.have.length(3);
    expect(statements.get('GenerateSecrets')?.resources).to.equal(`[${own.join(', ')}]`);
  });
});

describe('The alarms of the module loki', () => {
  for (const name of ALARMS)
    it(`have ${name}, which can be switched off, tells whom it is told to, and goes off when nothing is measured`, () => {
      const alarm = resource.aws_cloudwatch_metric_alarm?.[name];
      expect(alarm).to.include({
        alarm_name: `\${var.name}-host-${name.replaceAll('_', '-')}`,
        alarm_actions: '${var.alarm_actions}',
        ok_actions: '${var.alarm_actions}',
        treat_missing_data: 'breaching',
      });
      expect(alarm?.count).to.match(new RegExp(`^\\$\\{var\\.alarms\\.${name}( && local\\.burstable)? \\? 1 : 0\\}$`));
      expect(alarm?.alarm_description).to.match(new RegExp(`^[A-Z].+\\. Runbook: docs/operations\\.md, ${name}\\.$`));
    });

  it('go off within ten minutes, but for the credits, of which a new instance has none', () => {
    for (const name of ALARMS.filter((name) => name !== 'cpu_credits')) {
      const { period, evaluation_periods } = resource.aws_cloudwatch_metric_alarm?.[name] ?? {};
      expect(Number(period) * Number(evaluation_periods), name).to.be.within(180, 600);
    }
  });

  it('measure what the host puts where its role lets it', () => {
    for (const { namespace, dimensions, metric_name } of Object.values(resource.aws_cloudwatch_metric_alarm ?? {}))
      if (namespace === 'AWS/EC2') expect(dimensions).to.deep.equal({ InstanceId: '${aws_instance.loki.id}' });
      else {
        expect(namespace).to.equal('loki-shipper/host');
        expect(dimensions).to.deep.equal({ Host: '${var.name}' });
        expect(scripts).to.match(new RegExp(`\\b${metric_name} `));
      }
  });
});
