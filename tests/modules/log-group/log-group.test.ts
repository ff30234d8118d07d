import { expect } from 'chai';
import { LogGroupModule } from '../../../modules/log-group/index.ts';
import { newModuleApp } from '../../../modules/module-stack.ts';
import { ShipperModule } from '../../../modules/shipper/index.ts';
import { addresses } from '../addresses.ts';

const module = new LogGroupModule(newModuleApp()).toModule();

describe('The module log-group', () => {
  // Whoever renames one destroys and creates it in every stack: then a `moved` block belongs to the change.
  it('has resources and look-ups of these addresses', () => {
    expect(addresses(module.resource)).to.have.members([
      'aws_cloudwatch_log_group.this',
      'aws_lambda_invocation.attachment',
      'terraform_data.claim',
    ]);
    expect(addresses(module.data)).to.have.members(['aws_region.current', 'aws_ssm_parameters_by_path.installations']);
  });

  it('has no provider block, so that it can be called with count and for_each', () => {
    expect(module).to.have.all.keys('terraform', 'variable', 'locals', 'data', 'resource', 'output');
  });

  it('finds what the root module publishes, by the same path', () => {
    const { installation } = new ShipperModule(newModuleApp()).toModule().resource.aws_ssm_parameter ?? {};
    const { path } = module.data.aws_ssm_parameters_by_path?.installations ?? {};
    expect(installation?.name).to.equal(`${path}/\${var.name}`);
    for (const field of ['version', 'id', 'registrar', 'shipper']) {
      expect(installation?.value).to.match(new RegExp(`\\b${field} = `));
      expect(JSON.stringify(module)).to.include(`local.installation.${field}`);
    }
  });

  it('requires its name alone', () => {
    const required = Object.entries(module.variable).filter(([, variable]) => !Object.hasOwn(variable, 'default'));
    expect(required.map(([name]) => name)).to.deep.equal(['name']);
  });

  for (const [name, { description, type, validation = [] }] of Object.entries(module.variable))
    it(`says what ${name} is, and refuses it in one sentence that names it and says what is right`, () => {
      expect(description).to.match(/^[A-Z].+\.$/);
      if (type !== 'bool') expect(validation).not.to.be.empty;
      for (const { error_message } of validation) expect(error_message).to.match(new RegExp(`^${name} must .+\\.$`));
    });

  it('describes its outputs', () => {
    expect(module.output).to.have.all.keys('log_group_name', 'log_group_arn', 'logql', 'wanted_by');
    for (const { description } of Object.values(module.output)) expect(description).to.match(/^[A-Z].+\.$/);
  });
});
