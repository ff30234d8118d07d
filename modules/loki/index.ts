import type { App } from 'cdktf';
import { defineAccount } from '../account.ts';
import { ModuleStack } from '../module-stack.ts';
import { defineAlarms } from './alarms.ts';
import { defineConfiguration } from './configuration.ts';
import { defineFirewall } from './firewall.ts';
import { defineHostValues } from './host-values.ts';
import { defineInstance } from './instance.ts';
import { defineInstanceType } from './instance-type.ts';
import { defineLimits } from './limits.ts';
import { CHUNK_BUCKET } from './names.ts';
import { defineNetwork } from './network.ts';
import { defineOutputs } from './outputs.ts';
import { defineProxy } from './proxy.ts';
import { defineRole } from './role.ts';
import { defineSecrets } from './secrets.ts';
import { defineSnapshots } from './snapshots.ts';
import { defineStorage } from './storage.ts';
import { defineVariables } from './variables.ts';
import { attachVolume, defineVolume } from './volume.ts';

/** The module of the host: one instance with Loki and Grafana, and a data volume that outlives it. */
export class LokiModule extends ModuleStack {
  constructor(app: App) {
    super(app, 'loki');
    this.requireTerraform('>= 1.9.0');
    // The floor is the last of version 5; nothing here needs version 6 or breaks with it.
    this.requireProvider('aws', 'hashicorp/aws', '>= 5.100.0');

    const variables = defineVariables(this);
    defineAccount(this);
    defineInstanceType(this);
    const ways = defineNetwork(this);
    const egress = defineFirewall(this);
    const volume = defineVolume(this, variables);
    defineSnapshots(this, variables);
    defineSecrets(this, variables);
    defineStorage(this, variables);
    defineLimits(this, {
      memoryMb: 'local.memory_mb',
      vcpus: 'local.vcpus',
      retentionDays: 'var.retention_days',
      expectedGbPerDay: 'var.expected_gb_per_day',
      storage: 'var.storage',
      bucket: `"${CHUNK_BUCKET}"`,
      region: 'local.region',
    });
    defineProxy(this, {
      hasCertificate: 'var.tls != null',
      showsGrafana: 'length(var.grafana_cidrs) > 0',
      serverName: 'local.server_name',
    });
    defineHostValues(this);
    const configuration = defineConfiguration(this, variables);
    const { profile, policies } = defineRole(this, variables);
    const instance = defineInstance(this, variables, {
      profile,
      dependsOn: [...ways, ...egress, ...policies, configuration],
    });
    attachVolume(this, volume, instance);
    defineAlarms(this, variables);
    defineOutputs(this);
  }
}
