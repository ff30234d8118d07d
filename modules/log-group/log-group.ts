import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import type { ModuleStack } from '../module-stack.ts';
import type { Variables } from './variables.ts';

/** The log group, where it is not there already: `local.log_group` is its name in any case. */
export function defineLogGroup(module: ModuleStack, variables: Variables): void {
  const logGroup = new CloudwatchLogGroup(module, 'this.log_group', {
    name: variables.name.stringValue,
    retentionInDays: variables.retentionInDays.numberValue,
    kmsKeyId: variables.kmsKeyId.stringValue,
    skipDestroy: variables.skipDestroy.booleanValue,
    lifecycle: {
      // The registrar writes them, those of this module and those that the shipper's gives to all its log groups: two
      // owners of the same tags would undo each other.
      ignoreChanges: ['tags', 'tags_all'],
    },
  });
  logGroup.addOverride('count', '${var.create_log_group ? 1 : 0}');
  module.local('log_group', 'var.create_log_group ? one(aws_cloudwatch_log_group.this[*].name) : var.name');
}
