import { hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';
import { filterPattern, isKeyArn, isLogGroupName, matches, retentionDays, tagValidations } from '../rules.ts';

/** The inputs of the module. */
export function defineVariables(module: ModuleStack) {
  return {
    name: module.variable('name', {
      description: 'Name of the log group, such as /aws/lambda/fun-checkout.',
      type: 'string',
      validation: [
        {
          condition: hcl`try(${isLogGroupName('var.name')}, false)`,
          errorMessage:
            'name must be the name of a log group: 1 to 512 of the characters a-z A-Z 0-9 _ - / . #, not starting with aws/.',
        },
      ],
    }),

    shipper: module.variable('shipper', {
      description:
        'The name of the loki-shipper that ships it, in the account and region of the provider: the input `name` of its module.',
      type: 'string',
      default: 'loki-shipper',
      validation: [
        {
          condition: matches('^[a-z0-9-]+$')('var.shipper'),
          errorMessage: 'shipper must be the name of a loki-shipper: lower-case letters, digits and hyphens.',
        },
      ],
    }),

    createLogGroup: module.variable('create_log_group', {
      description: 'Whether the log group is created, and destroyed with the stack, or is there already.',
      type: 'bool',
      default: true,
    }),

    retentionInDays: module.variable('retention_in_days', {
      description: 'Days that a log group which is created keeps its lines; 0 keeps them for ever.',
      type: 'number',
      default: 0,
      validation: [retentionDays('retention_in_days')],
    }),

    kmsKeyId: module.variable('kms_key_id', {
      description:
        'ARN of the key that a log group which is created is encrypted with. Null: the key of CloudWatch Logs.',
      type: 'string',
      default: null,
      validation: [
        {
          condition: hcl`var.kms_key_id == null || ${isKeyArn('var.kms_key_id')}`,
          errorMessage: 'kms_key_id must be the ARN of a key (arn:…:key/…).',
        },
      ],
    }),

    skipDestroy: module.variable('skip_destroy', {
      description: 'Whether a log group which was created stays, with its lines, when the stack is destroyed.',
      type: 'bool',
      default: false,
    }),

    tags: module.variable('tags', {
      description:
        'What is known of the writer, such as owner, system and language. The registrar writes it to the log group as tags, and the shipper makes labels and metadata of them. Tags of others stay.',
      type: 'map(string)',
      default: {},
      validation: tagValidations('tags'),
    }),

    filterPattern: module.variable('filter_pattern', {
      description:
        "Ships only the events that match this CloudWatch Logs filter pattern; the empty pattern matches all of them. Null: the shipper's own.",
      type: 'string',
      default: null,
      validation: [filterPattern('filter_pattern')],
    }),

    claimant: module.variable('claimant', {
      description: 'Who asks for it, for people who read `loki-shipper status`, such as the name of the repository.',
      type: 'string',
      default: 'terraform',
      validation: [
        {
          // With the id behind it, it has at most the 128 characters that the registrar takes.
          condition: matches('^[a-zA-Z0-9_.:/@ -]{1,91}$')('var.claimant'),
          errorMessage: 'claimant must be 1 to 91 letters, digits, spaces and _ . : / @ -.',
        },
      ],
    }),
  };
}

export type Variables = ReturnType<typeof defineVariables>;
