import type { App } from 'cdktf';
import { defineAccount } from '../account.ts';
import { ModuleStack } from '../module-stack.ts';
import { defineAlarms } from './alarms.ts';
import { defineCreationEvents } from './creation-events.ts';
import { defineFunctions } from './functions.ts';
import { defineInstallation } from './installation.ts';
import { defineLabels } from './labels.ts';
import { defineLokiHost } from './loki-host.ts';
import { defineOutputs } from './outputs.ts';
import { defineRegistry } from './registry.ts';
import { defineRoles } from './roles.ts';
import { defineSchedule } from './schedule.ts';
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
    defineLokiHost(this);
    defineSelection(this);
    defineLabels(this);
    const roles = defineRoles(this, variables);
    const functions = defineFunctions(this, variables, roles);
    const storage = defineStorage(this, variables, functions);
    const tags = defineTagging(this, functions);
    const filters = defineSubscriptions(this, variables, functions, storage, tags);
    const registry = defineRegistry(this, functions, storage, filters);
    defineSchedule(this, variables, functions, registry);
    defineCreationEvents(this, variables, functions, registry);
    defineInstallation(this, variables, functions, registry);
    defineAlarms(this, variables);
    defineOutputs(this);
  }
}
