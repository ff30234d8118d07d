# What the functions are given: environment, VPC, role policies.
mock_provider "aws" {
  mock_data "aws_caller_identity" { defaults = { account_id = "123456789012" } }
  mock_data "aws_region" { defaults = { id = "eu-central-1" } }
  mock_data "aws_partition" { defaults = { partition = "aws" } }
}

variables {
  loki_url = "https://loki.example.com"
}

run "needs_nothing_but_the_url" {
  command = plan
  assert {
    condition = aws_lambda_function.shipper.environment[0].variables == tomap({
      LOKI_URL = "https://loki.example.com"
      LABEL_POLICY = jsonencode({
        from_tags = [], rename = {}, static = {}, service_name = null, values = { trim = true, case = "keep" }, drop_tags = [], by_prefix = {}, refresh_seconds = 300
      })
      LINE_RULES = jsonencode({
        max_bytes = 262144, too_long = "split", max_age_hours = 168, max_ahead_minutes = 10, out_of_range = "park"
      })
      PARALLEL_PUSHES = "2"
      BUCKET          = "loki-shipper-123456789012-eu-central-1"
      OWN_LOG_GROUPS  = jsonencode(["/aws/lambda/loki-shipper-shipper", "/aws/lambda/loki-shipper-registrar"])
    })
    error_message = jsonencode(aws_lambda_function.shipper.environment)
  }
  assert {
    condition     = aws_lambda_function.shipper.runtime == "nodejs22.x" && aws_lambda_function.shipper.architectures == tolist(["arm64"])
    error_message = "runtime or architecture"
  }
  assert {
    condition     = length(aws_lambda_function.shipper.vpc_config) == 0
    error_message = "a VPC"
  }
  assert {
    condition = aws_lambda_function.registrar.environment[0].variables == tomap({
      BUCKET           = "loki-shipper-123456789012-eu-central-1"
      SHIPPER_FUNCTION = "loki-shipper-shipper"
      SHIPPER_TIMEOUT  = "60"
    })
    error_message = jsonencode(aws_lambda_function.registrar.environment)
  }
  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.shipper.policy).Statement : statement.Sid => statement.Resource } == {
      WriteOwnLog = [
        "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/loki-shipper-shipper",
        "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/loki-shipper-shipper:*",
      ]
      ReadTags             = ["arn:aws:logs:eu-central-1:123456789012:log-group:*"]
      ReadCatalogue        = ["arn:aws:s3:::loki-shipper-123456789012-eu-central-1/registry/catalogue.ndjson.gz"]
      KeepFailedDeliveries = ["arn:aws:s3:::loki-shipper-123456789012-eu-central-1/aws/lambda/async/loki-shipper-shipper/*"]
      FindBucket           = ["arn:aws:s3:::loki-shipper-123456789012-eu-central-1"]
      ParkLines            = ["arn:aws:s3:::loki-shipper-123456789012-eu-central-1/parked/*"]
      Replay = [
        "arn:aws:s3:::loki-shipper-123456789012-eu-central-1/parked/*",
        "arn:aws:s3:::loki-shipper-123456789012-eu-central-1/aws/lambda/async/loki-shipper-shipper/*",
      ]
    }
    error_message = aws_iam_role_policy.shipper.policy
  }
  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.registrar.policy).Statement : statement.Sid => statement.Resource } == {
      WriteOwnLog = [
        "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/loki-shipper-registrar",
        "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/loki-shipper-registrar:*",
      ]
      WriteTags     = ["arn:aws:logs:eu-central-1:123456789012:log-group:*"]
      FindLogGroups = ["*"]
      Subscribe     = ["arn:aws:logs:eu-central-1:123456789012:log-group:*"]
      FindBucket    = ["arn:aws:s3:::loki-shipper-123456789012-eu-central-1"]
      ReadRegistry  = ["arn:aws:s3:::loki-shipper-123456789012-eu-central-1/registry/*"]
      WriteRegistry = [
        "arn:aws:s3:::loki-shipper-123456789012-eu-central-1/registry/attachments/*",
        "arn:aws:s3:::loki-shipper-123456789012-eu-central-1/registry/catalogue.ndjson.gz",
        "arn:aws:s3:::loki-shipper-123456789012-eu-central-1/registry/intents/*",
        "arn:aws:s3:::loki-shipper-123456789012-eu-central-1/registry/lock.json",
        "arn:aws:s3:::loki-shipper-123456789012-eu-central-1/registry/state.json.gz",
      ]
      Replay = ["arn:aws:lambda:eu-central-1:123456789012:function:loki-shipper-shipper"]
    }
    error_message = aws_iam_role_policy.registrar.policy
  }
}

run "hands_the_url_without_slashes_behind_it_and_the_label_policy_to_the_shipper" {
  command = plan
  variables {
    loki_url = "http://[::1]:3100/base//"
    labels = {
      from_tags       = ["Team-Name", "owner"]
      static          = { env = "prod" }
      rename          = { owner = "by" }
      service_name    = "{service|log_group_name}"
      values          = { trim = false, case = "upper" }
      drop_tags       = ["internal:*"]
      by_prefix       = { "/ecs/" = { from_tags = [] } }
      refresh_seconds = 5
    }
  }
  assert {
    condition = jsondecode(aws_lambda_function.shipper.environment[0].variables.LABEL_POLICY) == {
      from_tags       = ["Team-Name", "owner"]
      static          = { env = "prod" }
      rename          = { owner = "by" }
      service_name    = "{service|log_group_name}"
      values          = { trim = false, case = "upper" }
      drop_tags       = ["internal:*"]
      by_prefix       = { "/ecs/" = { from_tags = [], static = null, rename = null, service_name = null, values = null, drop_tags = null } }
      refresh_seconds = 5
    }
    error_message = aws_lambda_function.shipper.environment[0].variables.LABEL_POLICY
  }
  assert {
    condition     = aws_lambda_function.shipper.environment[0].variables.LOKI_URL == "http://[::1]:3100/base"
    error_message = aws_lambda_function.shipper.environment[0].variables.LOKI_URL
  }
}

run "lets_the_shipper_read_the_given_secrets_and_no_others" {
  command = plan
  variables {
    loki_auth = {
      basic_auth_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:loki/basic-a1B2c3"
      tenant_arn     = "arn:aws:ssm:eu-central-1:123456789012:parameter/loki/tenant"
    }
  }
  assert {
    condition = tomap({ for name, value in aws_lambda_function.shipper.environment[0].variables : name => value if endswith(name, "_ARN") }) == tomap({
      LOKI_BASIC_AUTH_ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:loki/basic-a1B2c3"
      LOKI_TENANT_ARN     = "arn:aws:ssm:eu-central-1:123456789012:parameter/loki/tenant"
    })
    error_message = jsonencode(aws_lambda_function.shipper.environment)
  }
  assert {
    condition = {
      for statement in jsondecode(aws_iam_role_policy.shipper.policy).Statement :
      statement.Sid => [statement.Action, statement.Resource] if can(regex("Secrets|Parameters", statement.Sid))
      } == {
      ReadSecrets    = [["secretsmanager:GetSecretValue"], ["arn:aws:secretsmanager:eu-central-1:123456789012:secret:loki/basic-a1B2c3"]]
      ReadParameters = [["ssm:GetParameter"], ["arn:aws:ssm:eu-central-1:123456789012:parameter/loki/tenant"]]
    }
    error_message = aws_iam_role_policy.shipper.policy
  }
}

run "lets_the_shipper_decrypt_with_a_customer_managed_key" {
  command = plan
  variables {
    loki_auth = {
      bearer_token_arn = "arn:aws:ssm:eu-central-1:123456789012:parameter/loki/token"
      kms_key_arn      = "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-0000-1111-2222-333344445555"
    }
  }
  assert {
    condition = {
      for statement in jsondecode(aws_iam_role_policy.shipper.policy).Statement :
      statement.Sid => [statement.Action, statement.Resource] if can(regex("Secrets|Parameters", statement.Sid))
      } == {
      ReadParameters = [["ssm:GetParameter"], ["arn:aws:ssm:eu-central-1:123456789012:parameter/loki/token"]]
      DecryptSecrets = [["kms:Decrypt"], ["arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-0000-1111-2222-333344445555"]]
    }
    error_message = aws_iam_role_policy.shipper.policy
  }
  assert {
    condition     = aws_lambda_function.shipper.environment[0].variables.LOKI_BEARER_TOKEN_ARN == "arn:aws:ssm:eu-central-1:123456789012:parameter/loki/token"
    error_message = jsonencode(aws_lambda_function.shipper.environment)
  }
}

run "puts_the_shipper_alone_into_the_vpc" {
  command = plan
  variables {
    vpc = { subnet_ids = ["subnet-0a", "subnet-0b"], security_group_ids = ["sg-0c"] }
  }
  assert {
    condition     = aws_lambda_function.shipper.vpc_config[0].subnet_ids == toset(["subnet-0a", "subnet-0b"]) && aws_lambda_function.shipper.vpc_config[0].security_group_ids == toset(["sg-0c"])
    error_message = jsonencode(aws_lambda_function.shipper.vpc_config)
  }
  assert {
    condition     = length(aws_lambda_function.registrar.vpc_config) == 0
    error_message = "the registrar is in the VPC"
  }
  assert {
    condition     = length([for statement in jsondecode(aws_iam_role_policy.shipper.policy).Statement : statement if statement.Sid == "AttachToVpc"]) == 1
    error_message = aws_iam_role_policy.shipper.policy
  }
}

run "passes_the_settings_on_and_names_everything_after_the_name" {
  command = plan
  variables {
    name                           = "logs-to-loki"
    memory_size                    = 1024
    timeout                        = 120
    runtime                        = "nodejs22.x"
    architecture                   = "x86_64"
    reserved_concurrent_executions = 20
    log_retention_days             = 0
    failed_delivery_retention_days = 7
    force_destroy                  = true
    tags                           = { team = "platform" }
  }
  assert {
    condition     = aws_lambda_function.shipper.memory_size == 1024 && aws_lambda_function.shipper.timeout == 120 && aws_lambda_function.shipper.reserved_concurrent_executions == 20
    error_message = "memory, timeout or concurrency"
  }
  assert {
    condition     = aws_lambda_function.shipper.architectures == tolist(["x86_64"]) && aws_lambda_function.registrar.architectures == tolist(["x86_64"])
    error_message = "architecture"
  }
  assert {
    condition     = aws_cloudwatch_log_group.shipper.retention_in_days == 0 && aws_cloudwatch_log_group.registrar.retention_in_days == 0
    error_message = "retention of the logs"
  }
  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.storage.rule[0].expiration[0].days == 7 && aws_s3_bucket.storage.force_destroy
    error_message = "bucket"
  }
  assert {
    condition = alltrue([
      for tags in [
        aws_lambda_function.shipper.tags, aws_lambda_function.registrar.tags, aws_cloudwatch_log_group.shipper.tags,
        aws_cloudwatch_log_group.registrar.tags, aws_iam_role.shipper.tags, aws_iam_role.registrar.tags,
        aws_iam_role.scheduler.tags, aws_s3_bucket.storage.tags,
      ] : tags == tomap({ team = "platform" })
    ])
    error_message = "tags"
  }
  assert {
    condition = [
      aws_lambda_function.shipper.function_name,
      aws_lambda_function.registrar.function_name,
      aws_cloudwatch_log_group.shipper.name,
      aws_cloudwatch_log_group.registrar.name,
      aws_iam_role.shipper.name,
      aws_iam_role.registrar.name,
      aws_iam_role.scheduler.name,
      aws_s3_bucket.storage.bucket,
      ] == [
      "logs-to-loki-shipper",
      "logs-to-loki-registrar",
      "/aws/lambda/logs-to-loki-shipper",
      "/aws/lambda/logs-to-loki-registrar",
      "logs-to-loki-shipper-eu-central-1",
      "logs-to-loki-registrar-eu-central-1",
      "logs-to-loki-scheduler-eu-central-1",
      "logs-to-loki-123456789012-eu-central-1",
    ]
    error_message = "a name does not follow"
  }
}

run "works_in_other_partitions" {
  command = plan
  override_data {
    target = data.aws_partition.current
    values = { partition = "aws-us-gov" }
  }
  override_data {
    target = data.aws_region.current
    values = { id = "us-gov-west-1" }
  }
  assert {
    condition     = !can(regex("arn:aws:", "${aws_iam_role_policy.shipper.policy}${aws_iam_role_policy.registrar.policy}${aws_iam_role_policy.scheduler.policy}${aws_s3_bucket_policy.storage.policy}${aws_lambda_permission.log_groups.source_arn}"))
    error_message = aws_iam_role_policy.shipper.policy
  }
}

run "hands_the_rules_for_lines_to_the_shipper" {
  command = plan
  variables {
    lines           = { max_bytes = 1024, too_long = "cut", max_age_hours = 0, max_ahead_minutes = 0, out_of_range = "clamp" }
    parallel_pushes = 16
  }
  assert {
    condition = jsondecode(aws_lambda_function.shipper.environment[0].variables.LINE_RULES) == {
      max_bytes = 1024, too_long = "cut", max_age_hours = 0, max_ahead_minutes = 0, out_of_range = "clamp"
    }
    error_message = aws_lambda_function.shipper.environment[0].variables.LINE_RULES
  }
  assert {
    condition     = aws_lambda_function.shipper.environment[0].variables.PARALLEL_PUSHES == "16"
    error_message = aws_lambda_function.shipper.environment[0].variables.PARALLEL_PUSHES
  }
}

# 2,393 bytes of labels are more than 4 KB where Lambda measures them: each of these quotes is escaped twice.
run "refuses_an_environment_that_lambda_would_refuse" {
  command = plan
  variables {
    labels = { static = { for i in range(11) : "label_${i}" => join("", [for j in range(100) : "\""]) } }
  }
  expect_failures = [aws_lambda_function.shipper]
}

run "takes_an_environment_of_just_less_than_4_kb" {
  command = plan
  variables {
    loki_url = "https://loki.example.com/${join("", [for i in range(626) : "x"])}"
    labels   = { static = { for i in range(11) : "label_${i}" => join("", [for j in range(250) : "x"]) } }
  }
  assert {
    condition     = length(jsonencode(aws_lambda_function.shipper.environment[0].variables)) == 4095
    error_message = "it has ${length(jsonencode(aws_lambda_function.shipper.environment[0].variables))} bytes"
  }
}

run "refuses_one_byte_more" {
  command = plan
  variables {
    loki_url = "https://loki.example.com/${join("", [for i in range(627) : "x"])}"
    labels   = { static = { for i in range(11) : "label_${i}" => join("", [for j in range(250) : "x"]) } }
  }
  expect_failures = [aws_lambda_function.shipper]
}
