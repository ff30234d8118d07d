import type { App } from 'cdktf';
import { defineAccount } from '../account.ts';
import { ModuleStack } from '../module-stack.ts';
import { defineHostValues } from './host-values.ts';
import { defineLimits } from './limits.ts';
import { defineOutputs } from './outputs.ts';
import { defineVariables } from './variables.ts';

/** The module of the host: one instance with Loki and Grafana, and a data volume that outlives it. */
export class LokiModule extends ModuleStack {
  constructor(app: App) {
    super(app, 'loki');
    this.requireTerraform('>= 1.9.0');
    this.requireProvider('aws', 'hashicorp/aws', '>= 5.100.0');

    defineVariables(this);
    defineAccount(this);
    defineLimits(this);
    defineHostValues(this);
    defineOutputs(this);
  }
}
