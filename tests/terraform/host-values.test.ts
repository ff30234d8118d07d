import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { defineLimits, type LimitsProps } from '../../modules/loki/limits.ts';
import { defineProxy, type ProxyProps } from '../../modules/loki/proxy.ts';
import { ModuleStack, newModuleApp } from '../../modules/module-stack.ts';
import { removeFolder, runFolder } from '../../tools/local/folders.ts';
import { expressionsOf, type Host, hostValues } from '../../tools/local/host-values.ts';
import { findTerraform } from '../../tools/local/terraform.ts';
import { orSkip } from '../support/parts.ts';

const HOSTS: Readonly<Record<string, Host>> = {
  small: { memoryMb: 2048, retentionDays: 7 },
  medium: {},
  large: { memoryMb: 8192, storage: 's3', expectedGbPerDay: 12.5 },
  xlarge: { memoryMb: 16_384, vcpus: 4, storage: 's3', hasCertificate: true },
  largest: {
    memoryMb: 65_536,
    vcpus: 16,
    expectedGbPerDay: 300,
    hasCertificate: true,
    showsGrafana: true,
    serverName: 'a.b',
  },
  of_another_kind: { memoryMb: 15_603, vcpus: 6, showsGrafana: true },
};

describe('The sizes and limits of the host', function () {
  this.timeout(60_000);

  it('are on the local stack as Terraform derives them', async function () {
    const terraform = await orSkip(this, findTerraform);
    const folder = runFolder();
    try {
      for (const [name, host] of Object.entries(HOSTS)) {
        writeFileSync(`${folder}/main.tf.json`, JSON.stringify(valuesModule(expressionsOf(host))));
        const { status, stdout, stderr } = await terraform.run(['apply', '-auto-approve'], { cwd: folder });
        expect(status, stdout + stderr).to.equal(0);
        const output = await terraform.run(['output', '-json', 'values'], { cwd: folder });
        const { region: _, ...expected } = hostValues(host);
        expect(JSON.parse(output.stdout), name).to.deep.equal(expected);
      }
    } finally {
      removeFolder(folder);
    }
  });

  it('leave room for the system, and for a replay of the log inside of what Loki may use', () => {
    for (const host of Object.values(HOSTS)) {
      const values = Object.fromEntries(Object.entries(hostValues(host)).map(([name, value]) => [name, Number(value)]));
      const { loki_memory_mb: loki = 0, grafana_memory_mb: grafana = 0, wal_replay_ceiling_mb: ceiling = 0 } = values;
      expect(loki + grafana).to.be.at.most(Number(host.memoryMb ?? 4096) - 512);
      expect(loki).to.be.at.least(1024);
      expect(ceiling * 3).to.be.at.most(loki);
    }
  });
});

/** The part of the module that derives values: without a provider, so that it takes a second. */
function valuesModule(props: LimitsProps & ProxyProps): object {
  const module = new ModuleStack(newModuleApp(), 'values');
  module.requireTerraform('>= 1.9.0');
  defineLimits(module, props);
  defineProxy(module, props);
  const { locals = {} } = module.toTerraform();
  const values = Object.fromEntries(Object.keys(locals).map((name) => [name, `\${local.${name}}`]));
  return { locals, output: { values: { value: values } } };
}
