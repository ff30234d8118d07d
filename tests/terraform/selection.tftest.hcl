# Which log groups are subscribed, and with which filter pattern.
mock_provider "aws" {
  mock_data "aws_caller_identity" { defaults = { account_id = "123456789012" } }
  mock_data "aws_region" { defaults = { id = "eu-central-1" } }
  mock_data "aws_partition" { defaults = { partition = "aws" } }

  override_data {
    target = data.aws_cloudwatch_log_groups.by_prefix["/aws/lambda/"]
    values = {
      log_group_names = [
        "/aws/lambda/fun-checkout",
        "/aws/lambda/fun-internal-audit",
        "/aws/lambda/fun-noisy",
        "/aws/lambda/fun.noisy",
        "/aws/lambda/loki-shipper-registrar",
        "/aws/lambda/loki-shipper-shipper",
        "/aws/lambda/loki-shipper-shipper-2",
      ]
    }
  }
  override_data {
    target = data.aws_cloudwatch_log_groups.by_prefix["/app/"]
    values = { log_group_names = ["/app/one", "/app/two"] }
  }
}

variables {
  loki_url = "https://loki.example.com"
}

run "subscribes_nothing_when_nothing_is_selected_but_permits_what_may_be" {
  command = plan
  assert {
    condition     = aws_lambda_permission.log_groups.source_arn == "arn:aws:logs:eu-central-1:123456789012:log-group:*:*" && aws_lambda_permission.log_groups.source_account == "123456789012"
    error_message = jsonencode(aws_lambda_permission.log_groups)
  }
  assert {
    condition     = length(aws_cloudwatch_log_subscription_filter.log_groups) == 0 && length(aws_lambda_invocation.log_group_tags) == 0
    error_message = "there are filters or invocations"
  }
}

run "subscribes_the_listed_groups_to_every_event" {
  command = plan
  variables {
    log_groups = { "/app/one" = {}, "ungrouped" = {} }
  }
  assert {
    condition     = toset(keys(aws_cloudwatch_log_subscription_filter.log_groups)) == toset(["/app/one", "ungrouped"])
    error_message = jsonencode(keys(aws_cloudwatch_log_subscription_filter.log_groups))
  }
  assert {
    condition = alltrue([
      for name, filter in aws_cloudwatch_log_subscription_filter.log_groups :
      filter.log_group_name == name && filter.name == "loki-shipper" && filter.filter_pattern == ""
    ])
    error_message = jsonencode(aws_cloudwatch_log_subscription_filter.log_groups)
  }
}

run "subscribes_what_the_prefixes_find_except_its_own_groups" {
  command = plan
  variables {
    log_group_prefixes = ["/aws/lambda/", "/app/"]
  }
  assert {
    condition = toset(keys(aws_cloudwatch_log_subscription_filter.log_groups)) == toset([
      "/app/one",
      "/app/two",
      "/aws/lambda/fun-checkout",
      "/aws/lambda/fun-internal-audit",
      "/aws/lambda/fun-noisy",
      "/aws/lambda/fun.noisy",
      "/aws/lambda/loki-shipper-shipper-2",
    ])
    error_message = jsonencode(keys(aws_cloudwatch_log_subscription_filter.log_groups))
  }
}

run "knows_its_own_groups_by_its_name" {
  command = plan
  variables {
    name                = "other"
    log_group_prefixes  = ["/aws/lambda/"]
    excluded_log_groups = ["/aws/lambda/fun*"]
  }
  assert {
    condition = toset(keys(aws_cloudwatch_log_subscription_filter.log_groups)) == toset([
      "/aws/lambda/loki-shipper-registrar",
      "/aws/lambda/loki-shipper-shipper",
      "/aws/lambda/loki-shipper-shipper-2",
    ])
    error_message = jsonencode(keys(aws_cloudwatch_log_subscription_filter.log_groups))
  }
  assert {
    condition     = alltrue([for filter in aws_cloudwatch_log_subscription_filter.log_groups : filter.name == "other"])
    error_message = jsonencode(aws_cloudwatch_log_subscription_filter.log_groups)
  }
}

run "leaves_out_what_is_excluded_by_name" {
  command = plan
  variables {
    log_group_prefixes  = ["/aws/lambda/"]
    excluded_log_groups = ["/aws/lambda/fun.noisy", "/aws/lambda/fun-", "/never/there"]
  }
  assert {
    condition = toset(keys(aws_cloudwatch_log_subscription_filter.log_groups)) == toset([
      "/aws/lambda/fun-checkout",
      "/aws/lambda/fun-internal-audit",
      "/aws/lambda/fun-noisy",
      "/aws/lambda/loki-shipper-shipper-2",
    ])
    error_message = "a dot is a dot, and a name is no prefix: ${jsonencode(keys(aws_cloudwatch_log_subscription_filter.log_groups))}"
  }
}

run "leaves_out_what_is_excluded_by_wildcard" {
  command = plan
  variables {
    log_group_prefixes  = ["/aws/lambda/", "/app/"]
    excluded_log_groups = ["/aws/lambda/fun-internal-*", "*noisy", "/*/two", "*shipper*"]
  }
  assert {
    condition     = toset(keys(aws_cloudwatch_log_subscription_filter.log_groups)) == toset(["/app/one", "/aws/lambda/fun-checkout"])
    error_message = jsonencode(keys(aws_cloudwatch_log_subscription_filter.log_groups))
  }
}

run "subscribes_a_group_once_that_is_listed_and_found" {
  command = plan
  variables {
    log_groups          = { "/app/one" = { filter_pattern = "ERROR" } }
    log_group_prefixes  = ["/app/"]
    excluded_log_groups = ["/app/two"]
  }
  assert {
    condition     = keys(aws_cloudwatch_log_subscription_filter.log_groups) == ["/app/one"]
    error_message = jsonencode(keys(aws_cloudwatch_log_subscription_filter.log_groups))
  }
  assert {
    condition     = aws_cloudwatch_log_subscription_filter.log_groups["/app/one"].filter_pattern == "ERROR"
    error_message = aws_cloudwatch_log_subscription_filter.log_groups["/app/one"].filter_pattern
  }
}

run "gives_every_group_the_filter_pattern_for_all_unless_it_has_its_own" {
  command = plan
  variables {
    filter_pattern     = "{ $.level = \"error\" }"
    log_groups         = { "/app/one" = { filter_pattern = "" }, "/app/three" = { filter_pattern = "-DEBUG" }, "/app/four" = {} }
    log_group_prefixes = ["/app/"]
  }
  assert {
    condition = { for name, filter in aws_cloudwatch_log_subscription_filter.log_groups : name => filter.filter_pattern } == {
      "/app/one"   = ""
      "/app/two"   = "{ $.level = \"error\" }"
      "/app/three" = "-DEBUG"
      "/app/four"  = "{ $.level = \"error\" }"
    }
    error_message = jsonencode(aws_cloudwatch_log_subscription_filter.log_groups)
  }
}
