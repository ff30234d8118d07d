import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { expect } from 'chai';
import type { ModuleJson } from '../../modules/module-json.ts';
import { ModuleStack, newModuleApp } from '../../modules/module-stack.ts';
import {
  addressesOf,
  modulesByFolder,
  recordAddresses,
  releasedAddresses,
  whereIs,
} from '../../tools/release/addresses.ts';

describe('The addresses of releases', () => {
  // Terraform would destroy what has no address any more, and create another of another address.
  it('are still there, or are said to have moved or to be removed', () => {
    const modules = modulesByFolder();
    const [last, ...older] = Object.values(releasedAddresses()).reverse();
    const lost = Object.entries(last ?? addressesOf(modules)).flatMap(([folder, addresses]) =>
      addresses.filter((address) => whereIs(address, modules, folder) === undefined),
    );
    expect(lost, `of the ${older.length + 1} releases, the last one`).to.be.empty;
  });

  it('are those of all modules, with what is nested in the host that the root module calls', () => {
    const addresses = addressesOf(modulesByFolder());
    expect(Object.keys(addresses)).to.deep.equal(['.', 'modules/log-group', 'modules/loki']);
    expect(addresses['.'])
      .to.include.members(['aws_s3_bucket.storage', 'module.loki', 'module.loki.aws_ebs_volume.data'])
      .and.to.deep.equal([...(addresses['.'] ?? [])].sort());
    expect(addresses['modules/loki']).to.include('aws_ebs_volume.data');
  });

  it('are recorded with those of the releases before', () => {
    const folder = mkdtempSync(join(tmpdir(), 'loki-shipper-'));
    const file = join(folder, 'addresses.json');
    const before = { '.': ['aws_iam_role.old'] };
    writeFileSync(file, JSON.stringify({ '0.1.0': before }));
    recordAddresses('0.2.0', file);
    const releases = releasedAddresses(file);
    rmSync(folder, { recursive: true });
    expect(releases).to.deep.equal({ '0.1.0': before, '0.2.0': addressesOf(modulesByFolder()) });
  });
});

describe('An address of an earlier version', () => {
  const BLOCKS = {
    moved: [
      { from: 'aws_iam_role.old', to: 'aws_iam_role.newer' },
      { from: 'aws_iam_role.newer', to: 'aws_iam_role.role' },
      { from: 'aws_iam_role.nowhere', to: 'aws_iam_role.mistyped' },
      { from: 'module.machine', to: 'module.host' },
    ],
    removed: [{ from: 'aws_iam_role.gone', lifecycle: { destroy: true } }],
  };

  /** A module with a role, which calls another that has one. */
  function modules(): Readonly<Record<string, ModuleJson>> {
    const outer = new ModuleStack(newModuleApp(), 'outer');
    outer.requireTerraform('>= 1.9.0');
    outer.requireProvider('aws', 'hashicorp/aws', '>= 5.100.0');
    new IamRole(outer, 'role.role', { assumeRolePolicy: '{}' });
    outer.call('host', { source: './modules/host', inputs: {} });
    for (const [name, blocks] of Object.entries(BLOCKS)) outer.addOverride(name, blocks);
    const { moved: _moved, removed: _removed, ...unmoved } = outer.toModule();
    const inner = { ...unmoved, module: {}, moved: [{ from: 'aws_iam_role.first', to: 'aws_iam_role.role' }] };
    return { '.': outer.toModule(), 'modules/host': inner };
  }

  for (const [what, address, found] of [
    ['is itself where it is still there', 'aws_iam_role.role', 'aws_iam_role.role'],
    ['is where it moved to, step by step', 'aws_iam_role.old', 'aws_iam_role.role'],
    ['is null where it was removed', 'aws_iam_role.gone', null],
    ['is unknown where nobody says', 'aws_iam_role.forgotten', undefined],
    ['is unknown where it moved to what is not there', 'aws_iam_role.nowhere', undefined],
    ['moves with its module', 'module.machine.aws_iam_role.role', 'module.host.aws_iam_role.role'],
    ['moves in the module that is called', 'module.host.aws_iam_role.first', 'module.host.aws_iam_role.role'],
  ] as const)
    it(what, () => expect(whereIs(address, modules(), '.')).to.equal(found));
});
