import { readFileSync } from 'node:fs';
import { hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';
import { FUNCTIONS } from './names.ts';
import { RESULT } from './registry.ts';

/** What callers of the module may refer to. */
export function defineOutputs(module: ModuleStack): void {
  for (const name of FUNCTIONS) {
    module.output(`${name}_function_arn`, {
      description: `ARN of the ${name}'s Lambda function.`,
      value: `aws_lambda_function.${name}.arn`,
    });
    module.output(`${name}_function_name`, {
      description: `Name of the ${name}'s Lambda function.`,
      value: `aws_lambda_function.${name}.function_name`,
    });
  }
  module.output('bucket', {
    description: 'Name of the bucket that keeps what Loki did not take.',
    value: 'aws_s3_bucket.storage.bucket',
  });
  module.output('log_groups', {
    description:
      'The log groups by name that the plan knows to be shipped (the listed ones alone, where the registrar subscribes): labels are those of its stream as far as the module knows them (a tag that others wrote may change them), left_out the tags that labels.from_tags finds and that are no labels, because there are too many or because another has the name, logql finds all its lines, whatever its tags were when they were written.',
    value: hcl`{ for name in keys(local.log_groups) : name => { labels = local.labels[name], left_out = local.labels_left_out[name], logql = ${LOGQL} } }`,
  });
  module.output('loki_host', {
    description:
      'The outputs of modules/loki, if loki_host asks for one, else null: among them loki_url, grafana_command (how to open Grafana), boot_report_command, and on_destroy, which says what a destruction leaves.',
    value: 'one(module.loki)',
  });
  module.output('reconciliation', {
    description:
      'What the registrar answered when the selection changed last: the log groups that it subscribed, unsubscribed, tagged and untagged, those that have problems, and how much is left for its next runs.',
    value: hcl`try(${RESULT}, null)`,
  });
  module.output('version', {
    description: 'Version of the module, which is that of its functions.',
    value: JSON.stringify(VERSION),
  });
}

const VERSION: string = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;

const LOGQL = hcl`"{log_group=\"\${name}\", account_id=\"\${local.account_id}\", region=\"\${local.region}\"}"`;
