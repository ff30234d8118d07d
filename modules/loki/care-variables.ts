import { hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';
import { alarmActionsValidations, isKeyArn, MAX_TAGS, matches, tagValidations } from '../rules.ts';
import { ALARMS } from './alarm-names.ts';
import { isMaintenanceWindow } from './rules.ts';

/** The inputs that say what is kept, and who hears of what goes wrong. */
export function careVariables(module: ModuleStack) {
  return {
    snapshots: module.variable('snapshots', {
      description:
        'Snapshots of the data volume by Data Lifecycle Manager: each interval_hours (1, 2, 3, 4, 6, 8, 12 or 24), counted from time (UTC), of which the newest keep stay. Null: none.',
      type: 'object({ interval_hours = optional(number, 24), time = optional(string, "03:00"), keep = optional(number, 7) })',
      default: null,
      validation: [
        {
          condition: hcl`var.snapshots == null || try(contains([1, 2, 3, 4, 6, 8, 12, 24], var.snapshots.interval_hours), false)`,
          errorMessage:
            'snapshots.interval_hours must be 1, 2, 3, 4, 6, 8, 12 or 24, as Data Lifecycle Manager knows no others.',
        },
        {
          condition: hcl`var.snapshots == null || ${matches('^(?:[01][0-9]|2[0-3]):[0-5][0-9]$')('var.snapshots.time')}`,
          errorMessage: 'snapshots.time must be a time of the day in UTC, such as 03:00.',
        },
        {
          condition: hcl`var.snapshots == null || try(var.snapshots.keep == floor(var.snapshots.keep) && var.snapshots.keep >= 1 && var.snapshots.keep <= 1000, false)`,
          errorMessage: 'snapshots.keep must be a whole number from 1 to 1000 snapshots.',
        },
      ],
    }),

    snapshotId: module.variable('snapshot_id', {
      description:
        'Snapshot that the data volume is made of when it is created. A change does nothing to a volume that is there.',
      type: 'string',
      default: null,
      validation: [
        {
          condition: hcl`var.snapshot_id == null || ${matches('^snap-[0-9a-z]+$')('var.snapshot_id')}`,
          errorMessage: 'snapshot_id must be the id of a snapshot (snap-…).',
        },
      ],
    }),

    finalSnapshot: module.variable('final_snapshot', {
      description:
        'Whether a snapshot of the data volume is taken before it is destroyed. It stays, and costs, until somebody deletes it.',
      type: 'bool',
      default: true,
    }),

    forceDestroy: module.variable('force_destroy', {
      description:
        'Whether destroying the module destroys a bucket that still holds the logs of Loki, and them with it.',
      type: 'bool',
      default: false,
    }),

    maintenanceWindow: module.variable('maintenance_window', {
      description:
        'When the host installs security updates and restarts if they ask for it: days, if not all, and a time in UTC, such as Sun 04:00, Mon..Fri 22:30 or 03:15.',
      type: 'string',
      default: 'Sun 04:00',
      validation: [
        {
          condition: isMaintenanceWindow('var.maintenance_window'),
          errorMessage:
            'maintenance_window must be days, if not all, and a time in UTC, such as Sun 04:00, Mon..Fri 22:30 or 03:15.',
        },
      ],
    }),

    kmsKeyArn: module.variable('kms_key_arn', {
      description:
        'ARN of the customer managed key for volumes, secrets and the bucket of the logs. Null: the keys of AWS. It stays what it is while there is a data volume.',
      type: 'string',
      default: null,
      validation: [
        {
          condition: hcl`var.kms_key_arn == null || ${isKeyArn('var.kms_key_arn')}`,
          errorMessage: 'kms_key_arn must be the ARN of a key (arn:…:key/…).',
        },
      ],
    }),

    shipperName: module.variable('shipper_name', {
      description:
        "Name of the loki-shipper that ships to the host, for Grafana's dashboards of its functions. Null: not known.",
      type: 'string',
      default: null,
      validation: [
        {
          condition: hcl`var.shipper_name == null || ${matches('^[a-z0-9-]+$')('var.shipper_name')}`,
          errorMessage: 'shipper_name must be the name of a loki-shipper: lower-case letters, digits and hyphens.',
        },
      ],
    }),

    alarms: module.variable('alarms', {
      description: 'Which CloudWatch alarms there are; docs/operations.md says for each what it means and what to do.',
      type: `object({ ${ALARMS.map((name) => `${name} = optional(bool, true)`).join(', ')} })`,
      default: {},
    }),

    alarmActions: module.variable('alarm_actions', {
      description: 'What hears of an alarm, and of its end: ARNs, for example of SNS topics.',
      type: 'list(string)',
      default: [],
      validation: alarmActionsValidations(),
    }),

    tags: module.variable('tags', {
      description: 'Tags for what the module creates.',
      type: 'map(string)',
      default: {},
      // Two are the module's own: the name, and what snapshots go by.
      validation: tagValidations('tags', MAX_TAGS - 2),
    }),
  };
}
