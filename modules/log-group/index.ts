import type { App } from 'cdktf';
import { ModuleStack } from '../module-stack.ts';
import { defineAttachment } from './attachment.ts';
import { defineInstallation } from './installation.ts';
import { defineLogGroup } from './log-group.ts';
import { defineOutputs } from './outputs.ts';
import { defineVariables } from './variables.ts';

/** The module for the stack of an application: a log group that is shipped from its first line on. */
export class LogGroupModule extends ModuleStack {
  constructor(app: App) {
    super(app, 'log-group');
    this.requireTerraform('>= 1.9.0');
    this.requireProvider('aws', 'hashicorp/aws', '>= 5.100.0');

    const variables = defineVariables(this);
    defineInstallation(this);
    defineLogGroup(this, variables);
    defineAttachment(this);
    defineOutputs(this);
  }
}
