# The registrar answers that it could not do what it was told.
mock_provider "aws" {
  mock_data "aws_caller_identity" { defaults = { account_id = "123456789012" } }
  mock_data "aws_region" { defaults = { id = "eu-central-1" } }
  mock_data "aws_partition" { defaults = { partition = "aws" } }

  mock_resource "aws_iam_role" { defaults = { arn = "arn:aws:iam::123456789012:role/a-role" } }
  mock_resource "aws_lambda_function" { defaults = { arn = "arn:aws:lambda:eu-central-1:123456789012:function:a-function" } }
  mock_resource "aws_s3_bucket" { defaults = { arn = "arn:aws:s3:::a-bucket" } }
}

variables {
  loki_url   = "https://loki.example.com"
  log_groups = { "/app/one" = {} }
}

run "fails_the_apply_when_it_just_failed" {
  command = apply
  override_resource {
    target = aws_lambda_invocation.registry
    values = { result = "{\"ok\":false,\"error\":\"logs:ListLogGroups failed with AccessDenied.\",\"at\":\"2999-01-01T00:00:00Z\",\"problems\":[]}" }
  }
  expect_failures = [aws_scheduler_schedule.registrar]
}

run "fails_a_plan_before_the_registrar_had_the_time_to_try_again" {
  command         = plan
  expect_failures = [aws_scheduler_schedule.registrar]
}
