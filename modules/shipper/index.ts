import type { App } from 'cdktf';
import { ModuleStack } from '../module-stack.ts';
import { defineAccount } from './account.ts';
import { defineAlarms } from './alarms.ts';
import { defineFunctions } from './functions.ts';
import { defineLabels } from './labels.ts';
import { defineOutputs } from './outputs.ts';
import { defineRoles } from './roles.ts';
import { defineSelection } from './selection.ts';
import { defineStorage } from './storage.ts';
import { defineSubscriptions } from './subscriptions.ts';
import { defineTagging } from './tagging.ts';
import { defineVariables } from './variables.ts';

/** The root module: subscribes log groups, tags them, and ships them to Loki. */
export class ShipperModule extends ModuleStack {
  constructor(app: App) {
    super(app, 'loki-shipper');
    this.requireTerraform('>= 1.9.0');
    // The floor is the last of version 5; nothing here needs version 6 or breaks with it.
    this.requireProvider('aws', 'hashicorp/aws', '>= 5.100.0');

    const variables = defineVariables(this);
    defineAccount(this);
    defineSelection(this, variables);
    defineLabels(this);
    const roles = defineRoles(this, variables);
    const functions = defineFunctions(this, variables, roles);
    const storage = defineStorage(this, variables, functions);
    const tags = defineTagging(this, functions);
    defineSubscriptions(this, variables, functions, storage, tags);
    defineAlarms(this, variables);
    defineOutputs(this);
  }
}
