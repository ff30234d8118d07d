import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { LogGroupModule } from '../../modules/log-group/index.ts';
import { LokiModule } from '../../modules/loki/index.ts';
import type { BlocksJson } from '../../modules/module-json.ts';
import { newModuleApp } from '../../modules/module-stack.ts';
import { ShipperModule } from '../../modules/shipper/index.ts';
import { allResources } from '../../tools/docs/security.ts';
import { encryptionText } from '../../tools/docs/security-encryption.ts';
import { networkText } from '../../tools/docs/security-network.ts';
import { conditionsOf, itemsOf, statementsOf } from '../../tools/docs/security-policies.ts';
import { rolesText } from '../../tools/docs/security-roles.ts';

const resource = allResources();
const text = readFileSync('docs/security.md', 'utf8');

/** All statements of the roles, with the name of the role. */
const statements = Object.entries(resource.aws_iam_role_policy ?? {}).flatMap(([role, { policy }]) =>
  statementsOf(policy).map((statement) => ({ role, ...statement })),
);

/** The modules with another block of a type. */
function withBlock(type: string, name: string, block: Readonly<Record<string, unknown>>): BlocksJson {
  return { ...resource, [type]: { ...resource[type], [name]: block } };
}

describe('The security posture', () => {
  it('lets services invoke the functions for this account only', () => {
    const permissions = Object.values(resource.aws_lambda_permission ?? {});
    expect(permissions).to.have.length(2);
    // The ARN of a rule has the account in it, that of a log group is a pattern.
    for (const { source_arn, source_account } of permissions)
      if (!/^\$\{aws_cloudwatch_event_rule\./.test(String(source_arn))) {
        expect(source_arn).to.include(':${local.account_id}:');
        expect(source_account).to.equal('${local.account_id}');
      }
  });

  it('names the account wherever it permits something on a bucket', () => {
    const onBuckets = statements.filter(({ actions }) => actions.some((action) => action.startsWith('s3:')));
    expect(onBuckets).to.have.length(11);
    for (const { role, sid, condition = '{}' } of onBuckets)
      expect(conditionsOf(condition), `${role} ${sid}`).to.include('`s3:ResourceAccount` = `ACCOUNT`');
  });

  it('permits actions by name, on all resources only what is known to take no narrower one', () => {
    for (const { role, sid, effect, actions } of statements)
      for (const action of actions) {
        expect(effect, `${role} ${sid}`).to.equal('Allow');
        expect(action, `${role} ${sid}`).to.match(/^[a-z0-9]+:[A-Za-z]+$/);
      }
    const onAll = statements.filter(({ resource: on }) => on?.includes('["*"]'));
    expect(onAll.map(({ role, sid }) => `${role} ${sid}`)).to.have.members([
      'shipper AttachToVpc',
      'registrar FindLogGroups',
      'host PutMetrics',
      'host ReadMetrics',
      'host ReadQueries',
    ]);
  });

  it('has no key but through the services whose data it is for', () => {
    const keys = statements.filter(({ actions }) => actions.some((action) => action.startsWith('kms:')));
    expect(keys).to.have.length(2);
    for (const { role, condition } of keys) expect(condition, role).to.include('"kms:ViaService"');
  });
});

describe('The tables of docs/security.md', () => {
  it('have a reason for each statement, or are not made', () => {
    const policy =
      '${jsonencode({ Statement = [{ Sid = "More", Effect = "Allow", Action = ["s3:*"], Resource = ["*"] }] })}';
    expect(() => rolesText(withBlock('aws_iam_role_policy', 'scheduler', { policy }))).to.throw(
      'aws_iam_role_policy.scheduler: More needs a reason',
    );
  });

  it('have a reason for nothing else', () => {
    expect(() => rolesText({ ...resource, aws_lambda_permission: {} })).to.throw(
      /reasons for what is not there: aws_lambda/,
    );
  });

  it('say of all that keeps something by what it is encrypted', () => {
    expect(() => encryptionText(withBlock('aws_s3_bucket', 'more', {}))).to.throw('aws_s3_bucket.more keeps something');
    const bare = { ...resource, aws_s3_bucket_server_side_encryption_configuration: {} };
    expect(encryptionText(bare)).to.match(/`aws_s3_bucket.storage` \|[^|]+\| nothing \|/);
  });

  it('name the defaults of the network as they are', () => {
    const { variable } = new LokiModule(newModuleApp()).toModule();
    const defaults = Object.entries(variable).filter(([name]) => /_(cidrs|ports|security_group_ids)$/.test(name));
    expect(Object.fromEntries(defaults.map(([name, { default: value }]) => [name, value]))).to.deep.equal({
      shipper_security_group_ids: [],
      push_cidrs: [],
      grafana_cidrs: [],
      egress_cidrs: ['0.0.0.0/0'],
      egress_ports: [443],
    });
    const more = { security_group_id: '${aws_security_group.loki.id}', prefix_list_id: 'pl-1', count: '${var.more}' };
    expect(() => networkText(withBlock('aws_vpc_security_group_ingress_rule', 'more', more))).to.throw(
      '${var.more} is no condition',
    );
  });

  it('are read from policies as they are written', () => {
    expect(itemsOf('[{ A = "x, y" }, [f("a", b)], c ? ["d"] : []]')).to.deep.equal([
      '{ A = "x, y" }',
      '[f("a", b)]',
      'c ? ["d"] : []',
    ]);
    expect(() => statementsOf('${jsonencode({})}')).to.throw('no statement');
  });
});

describe('docs/security.md', () => {
  const threats = text.split('\n## Threats\n')[1]?.split('\n## ')[0]?.split('\n### ').slice(1) ?? [];

  it('says of each threat what can happen, what holds it, what shows it and what is left', () => {
    expect(threats).to.have.length.above(10);
    for (const threat of threats)
      expect(Array.from(threat.matchAll(/^- \*\*(.+?)\*\*: \S/gm), ([, part]) => part)).to.deep.equal([
        'What can happen',
        'What holds it',
        'Shown by',
        'What is left',
      ]);
  });

  it('names tests that there are', () => {
    const named = [...threats.join('\n').matchAll(/`(tests\/[^`]+)` \*([^*]+)\*/g)];
    expect(named).to.have.length.above(threats.length);
    const gone = named.filter(([, file = '', title = '']) => !hasTest(file, title));
    expect(gone.map(([reference]) => reference)).to.be.empty;
  });

  it('names addresses and inputs of the modules', () => {
    const modules = [ShipperModule, LokiModule, LogGroupModule].map((Module) => new Module(newModuleApp()).toModule());
    const addresses = Object.entries(resource).flatMap(([type, blocks]) =>
      Object.keys(blocks).map((name) => `${type}.${name}`),
    );
    const words = modules.flatMap(({ variable }) =>
      Object.entries(variable).flatMap(([name, { type }]) => [name, ...(type.match(/\w+/g) ?? [])]),
    );
    const code = Array.from(
      text.split('\n## Exceptions')[0]?.matchAll(/`([^`\n]+)`/g) ?? [],
      ([, found = '']) => found,
    );
    const inputs = code.filter(
      (found) => /^[a-z]+(_[a-z]+)+$/.test(found) && !/^(aws_|account_id$|log_group$)/.test(found),
    );
    expect(inputs.filter((found) => !words.includes(found))).to.be.empty;
    expect(code.filter((found) => /^aws_\w+\.\w+$/.test(found) && !addresses.includes(found))).to.be.empty;
    expect(inputs).to.include('kms_key_arn');
  });

  for (const file of ['docs/security.md', 'SECURITY.md'])
    it(`leads to files and sections that there are: ${file}`, () => {
      const links = Array.from(
        readFileSync(file, 'utf8').matchAll(/\]\((?!https?:)([^)]+)\)/g),
        ([, link = '']) => link,
      );
      expect(links).not.to.be.empty;
      for (const link of links) {
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? file : join(dirname(file), path);
        expect(existsSync(target), link).to.equal(true);
        if (anchor) expect(anchors(target), link).to.include(anchor);
      }
    });
});

function hasTest(file: string, title: string): boolean {
  if (!existsSync(file)) return false;
  const source = readFileSync(file, 'utf8');
  return ["'", '"', '`'].some((quote) => source.includes(`it(${quote}${title}${quote}`));
}

/** Of the sections of a document, as they are made of their headings. */
function anchors(file: string): string[] {
  return Array.from(readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm), ([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
