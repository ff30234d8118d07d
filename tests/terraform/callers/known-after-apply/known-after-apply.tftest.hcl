mock_provider "aws" {
  mock_data "aws_caller_identity" { defaults = { account_id = "123456789012" } }
  mock_data "aws_region" { defaults = { id = "eu-central-1" } }
  mock_data "aws_partition" { defaults = { partition = "aws" } }
  mock_data "aws_cloudwatch_log_groups" { defaults = { log_group_names = ["/aws/lambda/fun-stock"] } }
}

run "plans_every_filter_before_anything_is_created" {
  command = plan
  assert {
    condition     = toset(keys(output.queries)) == toset(["/aws/lambda/fun-checkout", "/aws/lambda/fun-stock"])
    error_message = jsonencode(output.queries)
  }
}
