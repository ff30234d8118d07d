# The registrar answers that it could not write the tags of a group.
mock_provider "aws" {
  mock_data "aws_caller_identity" { defaults = { account_id = "123456789012" } }
  mock_data "aws_region" { defaults = { id = "eu-central-1" } }
  mock_data "aws_partition" { defaults = { partition = "aws" } }

  mock_resource "aws_iam_role" { defaults = { arn = "arn:aws:iam::123456789012:role/a-role" } }
  mock_resource "aws_lambda_function" { defaults = { arn = "arn:aws:lambda:eu-central-1:123456789012:function:a-function" } }
  mock_resource "aws_lambda_invocation" { defaults = { result = "{\"ok\":false,\"error\":\"logs:TagResource failed with AccessDenied.\"}" } }
  # Of the whole registry: this one went well.
  override_resource {
    target = aws_lambda_invocation.registry
    values = { result = "{\"ok\":true,\"error\":null}" }
  }
  mock_resource "aws_s3_bucket" { defaults = { arn = "arn:aws:s3:::a-bucket" } }
}

variables {
  loki_url   = "https://loki.example.com"
  log_groups = { "/app/one" = { tags = { owner = "checkout" } }, "/app/two" = {} }
}

run "fails_the_apply" {
  command         = apply
  expect_failures = [aws_cloudwatch_log_subscription_filter.log_groups]
}

run "fails_the_next_plan_although_nothing_changed" {
  command         = plan
  expect_failures = [aws_cloudwatch_log_subscription_filter.log_groups]
}

run "plans_again_when_they_are_to_be_written_again" {
  command = plan
  plan_options {
    replace = [aws_lambda_invocation.log_group_tags["/app/one"]]
  }
  assert {
    condition     = aws_cloudwatch_log_subscription_filter.log_groups["/app/one"].log_group_name == "/app/one"
    error_message = "no filter"
  }
}
