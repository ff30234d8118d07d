import { hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';
import { matches, oneOf, wholeNumber } from '../rules.ts';
import { GRAFANA_IMAGE, LOKI_IMAGE } from './images.ts';
import { FITS_ON_VOLUME, isPinned } from './rules.ts';

/** The inputs that say how much the host holds, and what it runs. */
export function sizeVariables(module: ModuleStack) {
  return {
    instanceType: module.variable('instance_type', {
      description:
        'Type of the instance: arm64, with 2 GiB of memory or more. What Loki may use is made of it; a change stops and starts the instance.',
      type: 'string',
      default: 't4g.medium',
      validation: [
        {
          condition: matches('^[a-z0-9-]+\\\\.[a-z0-9-]+$')('var.instance_type'),
          errorMessage: 'instance_type must be a type of EC2 instances, such as t4g.medium.',
        },
      ],
    }),

    volumeGb: module.variable('volume_gb', {
      description:
        'Size of the data volume in GB. A larger number grows it while Loki runs; AWS makes no volume smaller.',
      type: 'number',
      default: 50,
      validation: [wholeNumber('volume_gb', 10, 16384, 'GB'), FITS_ON_VOLUME],
    }),

    expectedGbPerDay: module.variable('expected_gb_per_day', {
      description:
        'GB of logs a day that are expected, as CloudWatch Logs counts them: an estimate, by which the plan sees whether the volume holds the retention.',
      type: 'number',
      default: 1,
      validation: [
        {
          condition: hcl`var.expected_gb_per_day > 0 && var.expected_gb_per_day <= 100`,
          errorMessage: 'expected_gb_per_day must be above 0 and at most 100: more needs a Loki of several machines.',
        },
      ],
    }),

    retentionDays: module.variable('retention_days', {
      description: 'Days that Loki keeps lines.',
      type: 'number',
      default: 30,
      validation: [wholeNumber('retention_days', 1, 3650, 'days')],
    }),

    storage: module.variable('storage', {
      description:
        'Where Loki keeps chunks and index: filesystem, which is the data volume, or s3, a bucket that is created.',
      type: 'string',
      default: 'filesystem',
      validation: [oneOf('storage', ['filesystem', 's3'])],
    }),

    lokiImage: module.variable('loki_image', {
      description: 'Image of Loki, with the digest that makes it one and the same for ever.',
      type: 'string',
      default: LOKI_IMAGE,
      validation: [isPinned('loki_image')],
    }),

    grafanaImage: module.variable('grafana_image', {
      description: 'Image of Grafana, with its digest.',
      type: 'string',
      default: GRAFANA_IMAGE,
      validation: [isPinned('grafana_image')],
    }),
  };
}
