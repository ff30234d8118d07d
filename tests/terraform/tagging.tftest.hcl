# Which tags the registrar is asked to write, and what happens when it cannot.
mock_provider "aws" {
  mock_data "aws_caller_identity" { defaults = { account_id = "123456789012" } }
  mock_data "aws_region" { defaults = { id = "eu-central-1" } }
  mock_data "aws_partition" { defaults = { partition = "aws" } }
  mock_data "aws_cloudwatch_log_groups" { defaults = { log_group_names = ["/app/one", "/app/two", "/app/three"] } }

  mock_resource "aws_iam_role" { defaults = { arn = "arn:aws:iam::123456789012:role/a-role" } }
  mock_resource "aws_lambda_function" { defaults = { arn = "arn:aws:lambda:eu-central-1:123456789012:function:a-function" } }
  mock_resource "aws_lambda_invocation" { defaults = { result = "{\"ok\":true,\"error\":null}" } }
  mock_resource "aws_s3_bucket" { defaults = { arn = "arn:aws:s3:::a-bucket" } }
}

variables {
  loki_url = "https://loki.example.com"
}

run "asks_for_no_tags_when_none_are_given" {
  command = plan
  variables {
    log_groups         = { "/app/one" = {} }
    log_group_prefixes = ["/app/"]
  }
  assert {
    condition     = length(aws_lambda_invocation.log_group_tags) == 0
    error_message = jsonencode(keys(aws_lambda_invocation.log_group_tags))
  }
}

run "asks_only_for_the_groups_that_get_tags" {
  command = plan
  variables {
    log_groups         = { "/app/listed" = { tags = { owner = "checkout" } } }
    log_group_prefixes = ["/app/"]
  }
  assert {
    condition     = keys(aws_lambda_invocation.log_group_tags) == ["/app/listed"]
    error_message = jsonencode(keys(aws_lambda_invocation.log_group_tags))
  }
  assert {
    condition     = jsondecode(aws_lambda_invocation.log_group_tags["/app/listed"].input) == { logGroup = "/app/listed", tags = { owner = "checkout" } }
    error_message = aws_lambda_invocation.log_group_tags["/app/listed"].input
  }
  assert {
    condition     = aws_lambda_invocation.log_group_tags["/app/listed"].lifecycle_scope == "CRUD"
    error_message = "tags would be written once and never changed or removed"
  }
}

run "gives_every_group_but_the_excluded_the_tags_for_all_and_lets_its_own_win" {
  command = plan
  variables {
    log_group_tags      = { location = "eu-central-1", owner = "platform", empty = "" }
    log_groups          = { "/app/one" = { tags = { owner = "checkout", "Cost Center" = "4:2" } } }
    log_group_prefixes  = ["/app/"]
    excluded_log_groups = ["/app/th*"]
  }
  assert {
    condition = { for name, invocation in aws_lambda_invocation.log_group_tags : name => jsondecode(invocation.input).tags } == {
      "/app/one" = { location = "eu-central-1", owner = "checkout", empty = "", "Cost Center" = "4:2" }
      "/app/two" = { location = "eu-central-1", owner = "platform", empty = "" }
    }
    error_message = jsonencode(aws_lambda_invocation.log_group_tags)
  }
}

run "applies_when_the_registrar_wrote_the_tags" {
  command = apply
  variables {
    log_groups = { "/app/one" = { tags = { owner = "checkout" } } }
  }
  assert {
    condition     = aws_cloudwatch_log_subscription_filter.log_groups["/app/one"].destination_arn == aws_lambda_function.shipper.arn
    error_message = "the filter does not lead to the shipper"
  }
}
