import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { expect } from 'chai';
import { EqualAddressesError, ModuleStack, newModuleApp } from '../../modules/module-stack.ts';

describe('ModuleStack', () => {
  function stack(): ModuleStack {
    const module = new ModuleStack(newModuleApp(), 'test');
    module.requireTerraform('>= 1.9.0');
    module.requireProvider('aws', 'hashicorp/aws', '>= 5.100.0');
    return module;
  }

  it('requires a provider without configuring it, and has no backend', () => {
    expect(stack().toModule()).to.deep.equal({
      terraform: {
        required_version: '>= 1.9.0',
        required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.100.0' } },
      },
      variable: {},
      locals: {},
      data: {},
      resource: {},
      output: {},
    });
  });

  it('warns by checks, and refuses by preconditions of outputs', () => {
    const module = stack();
    const rule = { condition: 'var.count > 0', errorMessage: 'There is none.' };
    module.check('count', rule);
    module.output('count', { description: 'count', value: 'var.count', precondition: [rule] });
    const { check, output } = module.toModule();
    const written = [{ condition: '${var.count > 0}', error_message: 'There is none.' }];
    expect(check).to.deep.equal({ count: { assert: written } });
    expect(output.count).to.deep.equal({ description: 'count', value: '${var.count}', precondition: written });
  });

  it('calls other modules', () => {
    const module = stack();
    module.call('always', { source: './modules/always', inputs: {} });
    module.call('host', { source: './modules/host', count: 'var.count', inputs: { subnetId: 'var.subnet' } });
    const { module: calls } = module.toModule();
    expect(calls).to.deep.equal({
      always: { source: './modules/always' },
      host: { source: './modules/host', count: '${var.count}', subnetId: '${var.subnet}' },
    });
  });

  it('refuses two checks of one name', () => {
    const module = stack();
    const rule = { condition: 'true', errorMessage: 'Never.' };
    module.check('count', rule);
    expect(() => module.check('count', rule)).to.throw('count.check');
  });

  it('keeps the defaults of variables as they are', () => {
    const module = stack();
    const defaults = { map: { logGroup: 1, 'Team-Name': { a: null } }, no: false, zero: 0, empty: '' };
    for (const [name, fallback] of Object.entries(defaults))
      module.variable(name, { description: name, type: 'any', default: fallback });
    const { variable } = module.toModule();
    for (const [name, fallback] of Object.entries(defaults)) {
      expect(variable[name]?.default).to.deep.equal(fallback);
      expect(variable[name]?.nullable).to.equal(false);
    }
  });

  it('lets a variable be null only where that is its default', () => {
    const module = stack();
    module.variable('pattern', { description: 'pattern', type: 'string', default: null });
    expect(module.toModule().variable.pattern).to.deep.equal({ description: 'pattern', type: 'string', default: null });
  });

  it('requires a variable without a default', () => {
    const module = stack();
    module.variable('url', { description: 'URL', type: 'string' });
    expect(module.toModule().variable.url).to.deep.equal({ description: 'URL', type: 'string' });
  });

  it('names elements of different kinds alike', () => {
    const module = stack();
    module.variable('groups', { description: 'groups', type: 'string' });
    module.local('groups', 'var.groups');
    module.output('groups', { description: 'groups', value: 'local.groups' });
    new IamRole(module, 'groups.role', { assumeRolePolicy: '{}' });
    const { locals, output, resource } = module.toModule();
    expect(locals).to.deep.equal({ groups: '${var.groups}' });
    expect(output).to.deep.equal({ groups: { description: 'groups', value: '${local.groups}' } });
    expect(resource).to.have.nested.property('aws_iam_role.groups');
  });

  it('refuses two elements of one address', () => {
    const module = stack();
    new IamRole(module, 'shipper.role', { assumeRolePolicy: '{}' });
    new IamRole(module, 'shipper.other_role', { assumeRolePolicy: '{}' });
    expect(() => module.toModule()).to.throw(EqualAddressesError, 'resource.aws_iam_role.shipper');
  });

  it('leaves the comment at the root, which cdktf reads, and no other', () => {
    const module = stack();
    new IamRole(module, 'shipper.role', { assumeRolePolicy: '{}' });
    const { '//': comment, ...rest } = JSON.parse(JSON.stringify(module.toTerraform()));
    expect(comment).to.have.nested.property('metadata.stackName', 'test');
    expect(JSON.stringify(rest)).not.to.contain('"//"');
  });
});
