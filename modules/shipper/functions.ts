import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import type { LambdaFunctionConfig } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { type TerraformResourceLifecycle, Token } from 'cdktf';
import { expression, hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';
import { BUCKET, type FunctionName, functionName, OWN_LOG_GROUPS, ownLogGroup } from './names.ts';
import type { FunctionRole } from './roles.ts';
import type { Variables } from './variables.ts';

/** The archive beside the module's file, with the handlers of both functions. */
const ZIP = '${path.module}/function.zip';

export interface Functions {
  readonly shipper: LambdaFunction;
  readonly registrar: LambdaFunction;
}

/** The two functions and their log groups. */
export function defineFunctions(
  module: ModuleStack,
  variables: Variables,
  roles: Readonly<Record<FunctionName, FunctionRole>>,
): Functions {
  const define = (
    name: FunctionName,
    props: Pick<LambdaFunctionConfig, 'description' | 'memorySize' | 'timeout'> & Partial<LambdaFunctionConfig>,
  ) => {
    // Lambda would create the group at the first invocation: without retention, and again after it was destroyed.
    const logGroup = new CloudwatchLogGroup(module, `${name}.log_group`, {
      name: ownLogGroup(name),
      retentionInDays: variables.logRetentionDays.numberValue,
      tags: Token.asStringMap(variables.tags.value),
    });
    return new LambdaFunction(module, `${name}.function`, {
      functionName: functionName(name),
      role: roles[name].role.arn,
      runtime: variables.runtime.stringValue,
      architectures: [variables.architecture.stringValue],
      handler: `${name}.handler`,
      filename: ZIP,
      sourceCodeHash: `\${filebase64sha256("${ZIP}")}`,
      tags: Token.asStringMap(variables.tags.value),
      dependsOn: [logGroup, roles[name].policy],
      ...props,
    });
  };

  module.local('loki_secrets', SECRETS);
  module.local('shipper_environment', ENVIRONMENT);
  const shipper = define('shipper', {
    description: 'Ships CloudWatch logs to Loki.',
    memorySize: variables.memorySize.numberValue,
    timeout: variables.timeout.numberValue,
    reservedConcurrentExecutions: variables.reservedConcurrentExecutions.numberValue,
    environment: { variables: Token.asStringMap('${local.shipper_environment}') },
    lifecycle: FITS,
  });
  // A block that is there only sometimes, which cdktf cannot say of a block that may be there once.
  shipper.addOverride('dynamic.vpc_config', {
    for_each: '${length(local.vpc.subnet_ids) > 0 ? [local.vpc] : []}',
    content: {
      subnet_ids: '${vpc_config.value.subnet_ids}',
      security_group_ids: '${vpc_config.value.security_group_ids}',
    },
  });

  const registrar = define('registrar', {
    description: 'Writes the tags of log groups for Terraform, and has the shipper replay what Loki did not take.',
    memorySize: 256,
    // A replay waits for the shipper, object by object.
    timeout: 900,
    environment: {
      variables: {
        BUCKET,
        SHIPPER_FUNCTION: functionName('shipper'),
        SHIPPER_TIMEOUT: Token.asString(expression('tostring(var.timeout)')),
      },
    },
  });
  return { shipper, registrar };
}

/** Environment variable of the shipper → ARN, of those secrets that were given. */
const SECRETS = hcl`merge({ for name, arn in {
  LOKI_BASIC_AUTH_ARN = var.loki_auth.basic_auth_arn,
  LOKI_BEARER_TOKEN_ARN = var.loki_auth.bearer_token_arn,
  LOKI_TENANT_ARN = var.loki_auth.tenant_arn
} : name => arn if arn != null }, { for host in module.loki : "LOKI_BASIC_AUTH_ARN" => host.push_secret_arn })`;

/** What `function/config.ts` reads; a test holds the names of both together. */
const ENVIRONMENT = hcl`merge({
  LOKI_URL = replace(local.loki_url, "/\\/+$/", ""),
  LABEL_POLICY = jsonencode(var.labels),
  LINE_RULES = jsonencode(var.lines),
  PARALLEL_PUSHES = tostring(var.parallel_pushes),
  BUCKET = "${BUCKET}",
  OWN_LOG_GROUPS = jsonencode(${OWN_LOG_GROUPS})
}, local.loki_secrets)`;

/**
 * Lambda takes 4 KB of environment, and measures it as JSON, in which the quotes of our JSON are escaped once more
 * (https://github.com/github-aws-runners/terraform-aws-github-runner/issues/3594). Terraform counts bytes in base64
 * only, of which four characters are three bytes.
 */
const FITS: TerraformResourceLifecycle = {
  precondition: [
    {
      condition: expression(hcl`length(base64encode(jsonencode(local.shipper_environment))) <= 5460`),
      errorMessage:
        "The shipper's environment must have less than 4 KB, as Lambda takes no more: shorten labels, loki_url or the names of the secrets in loki_auth.",
    },
  ],
};
