# What the registrar is told to ship, and what runs it.
mock_provider "aws" {
  mock_data "aws_caller_identity" { defaults = { account_id = "123456789012" } }
  mock_data "aws_region" { defaults = { id = "eu-central-1" } }
  mock_data "aws_partition" { defaults = { partition = "aws" } }
  mock_data "aws_cloudwatch_log_groups" { defaults = { log_group_names = ["/app/one", "/app/two"] } }

  mock_resource "aws_iam_role" { defaults = { arn = "arn:aws:iam::123456789012:role/a-role" } }
  mock_resource "aws_lambda_function" { defaults = { arn = "arn:aws:lambda:eu-central-1:123456789012:function:a-function" } }
  mock_resource "aws_lambda_invocation" { defaults = { result = "{\"ok\":true,\"error\":null,\"problems\":[]}" } }
  mock_resource "aws_s3_bucket" { defaults = { arn = "arn:aws:s3:::a-bucket" } }
  mock_resource "aws_cloudwatch_event_rule" { defaults = { arn = "arn:aws:events:eu-central-1:123456789012:rule/a-rule" } }
}

variables {
  loki_url           = "https://loki.example.com"
  log_group_prefixes = ["/app/"]
}

run "tells_the_registrar_what_the_module_was_given" {
  command = plan
  variables {
    log_groups          = { "/app/three" = { tags = { owner = "checkout" }, filter_pattern = "" }, "/app/four" = {} }
    excluded_log_groups = ["/app/two", "/app/noisy-*"]
    filter_pattern      = "ERROR"
    log_group_tags      = { location = "eu-central-1" }
    labels              = { from_tags = ["owner"] }
  }
  assert {
    condition = jsondecode(aws_s3_object.selection.content) == {
      version    = 1
      name       = "loki-shipper"
      managed_by = "terraform"
      follow     = true
      log_groups = {
        "/app/four"  = { tags = {}, filter_pattern = null }
        "/app/three" = { tags = { owner = "checkout" }, filter_pattern = "" }
      }
      prefixes       = ["/app/"]
      excluded       = ["/app/two", "/app/noisy-*"]
      own_log_groups = ["/aws/lambda/loki-shipper-shipper", "/aws/lambda/loki-shipper-registrar"]
      filter_pattern = "ERROR"
      log_group_tags = { location = "eu-central-1" }
      max_log_groups = 1000
      labels         = jsondecode(aws_lambda_function.shipper.environment[0].variables.LABEL_POLICY)
    }
    error_message = aws_s3_object.selection.content
  }
  assert {
    condition     = aws_s3_object.selection.key == "registry/selection.json"
    error_message = aws_s3_object.selection.key
  }
  assert {
    condition     = jsondecode(aws_lambda_invocation.registry.input) == { action = "reconcile", selection = sha256(aws_s3_object.selection.content) }
    error_message = aws_lambda_invocation.registry.input
  }
  assert {
    condition     = aws_lambda_invocation.registry.lifecycle_scope == "CRUD"
    error_message = "nothing would be withdrawn at the destruction"
  }
}

run "says_the_same_to_the_registrar_whatever_the_prefixes_find" {
  command = plan
  override_data {
    target = data.aws_cloudwatch_log_groups.by_prefix["/app/"]
    values = { log_group_names = ["/app/one", "/app/two", "/app/born-later"] }
  }
  assert {
    condition     = !strcontains(aws_s3_object.selection.content, "born-later")
    error_message = aws_s3_object.selection.content
  }
}

run "tells_what_the_registrar_answered" {
  command = apply
  assert {
    condition     = output.reconciliation == { ok = true, error = null, problems = [] }
    error_message = jsonencode(output.reconciliation)
  }
}

run "runs_the_registrar_every_five_minutes_and_on_nothing_else" {
  command = apply
  assert {
    condition     = aws_scheduler_schedule.registrar.schedule_expression == "rate(5 minutes)" && jsondecode(aws_scheduler_schedule.registrar.target[0].input) == { action = "reconcile" }
    error_message = jsonencode(aws_scheduler_schedule.registrar)
  }
  assert {
    condition     = aws_scheduler_schedule.registrar.target[0].arn == aws_lambda_function.registrar.arn && aws_scheduler_schedule.registrar.target[0].role_arn == aws_iam_role.scheduler.arn
    error_message = jsonencode(aws_scheduler_schedule.registrar)
  }
  assert {
    condition = jsondecode(aws_iam_role_policy.scheduler.policy).Statement == [{
      Sid      = "RunRegistrar"
      Effect   = "Allow"
      Action   = ["lambda:InvokeFunction"]
      Resource = ["arn:aws:lambda:eu-central-1:123456789012:function:loki-shipper-registrar"]
    }]
    error_message = aws_iam_role_policy.scheduler.policy
  }
  assert {
    condition     = jsondecode(aws_iam_role.scheduler.assume_role_policy).Statement[0].Condition == { StringEquals = { "aws:SourceAccount" = "123456789012" } }
    error_message = aws_iam_role.scheduler.assume_role_policy
  }
  assert {
    condition     = length(aws_cloudwatch_event_rule.log_group_created) + length(aws_cloudwatch_event_target.log_group_created) + length(aws_lambda_permission.log_group_created) == 0
    error_message = "events"
  }
}

run "runs_it_every_minute_and_on_creation_when_asked_to" {
  command = apply
  variables {
    name                       = "second"
    registrar_interval_minutes = 1
    follow_on_creation         = true
  }
  assert {
    condition     = aws_scheduler_schedule.registrar.schedule_expression == "rate(1 minute)" && aws_scheduler_schedule.registrar.name == "second-registrar"
    error_message = jsonencode(aws_scheduler_schedule.registrar)
  }
  assert {
    condition     = aws_cloudwatch_event_target.log_group_created[0].arn == aws_lambda_function.registrar.arn && aws_cloudwatch_event_target.log_group_created[0].rule == "second-log-group-created"
    error_message = jsonencode(aws_cloudwatch_event_target.log_group_created)
  }
  assert {
    condition     = aws_lambda_permission.log_group_created[0].source_arn == aws_cloudwatch_event_rule.log_group_created[0].arn && aws_lambda_permission.log_group_created[0].principal == "events.amazonaws.com"
    error_message = jsonencode(aws_lambda_permission.log_group_created)
  }
}

run "tells_other_stacks_where_to_attach" {
  command = apply
  variables {
    tags = { team = "platform" }
  }
  assert {
    condition     = aws_ssm_parameter.installation.name == "/loki-shipper/loki-shipper" && aws_ssm_parameter.installation.tags == tomap({ team = "platform" })
    error_message = jsonencode(nonsensitive(aws_ssm_parameter.installation))
  }
  assert {
    condition = jsondecode(nonsensitive(aws_ssm_parameter.installation.value)) == {
      version   = 1
      name      = "loki-shipper"
      id        = terraform_data.installation.id
      registrar = "loki-shipper-registrar"
      shipper   = aws_lambda_function.shipper.arn
    }
    error_message = nonsensitive(aws_ssm_parameter.installation.value)
  }
}

run "leaves_the_subscriptions_to_the_registrar" {
  command = plan
  variables {
    subscriptions_managed_by = "registrar"
    log_groups               = { "/app/three" = { tags = { owner = "checkout" } } }
    log_group_tags           = { location = "eu-central-1" }
  }
  assert {
    condition     = length(aws_cloudwatch_log_subscription_filter.log_groups) + length(aws_lambda_invocation.log_group_tags) + length(data.aws_cloudwatch_log_groups.by_prefix) == 0
    error_message = "resources or look-ups whose number grows"
  }
  assert {
    condition     = jsondecode(aws_s3_object.selection.content).managed_by == "registrar"
    error_message = aws_s3_object.selection.content
  }
  assert {
    condition     = keys(output.log_groups) == ["/app/three"]
    error_message = jsonencode(output.log_groups)
  }
}

run "warns_of_a_prefix_that_finds_nothing_and_plans_all_the_same" {
  command = plan
  variables {
    log_group_prefixes = ["/app/", "/web/"]
  }
  override_data {
    target = data.aws_cloudwatch_log_groups.by_prefix["/web/"]
    values = { log_group_names = [] }
  }
  expect_failures = [check.log_group_prefixes]
}
