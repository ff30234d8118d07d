# What the module tells about itself: the labels of each group, by the same rules as the shipper's.
mock_provider "aws" {
  mock_data "aws_caller_identity" { defaults = { account_id = "123456789012" } }
  mock_data "aws_region" { defaults = { id = "eu-central-1" } }
  mock_data "aws_partition" { defaults = { partition = "aws" } }
  mock_data "aws_cloudwatch_log_groups" { defaults = { log_group_names = ["/app/one", "/app/two/"] } }

  mock_resource "aws_iam_role" { defaults = { arn = "arn:aws:iam::123456789012:role/a-role" } }
  mock_resource "aws_lambda_function" { defaults = { arn = "arn:aws:lambda:eu-central-1:123456789012:function:a-function" } }
  mock_resource "aws_lambda_invocation" { defaults = { result = "{\"ok\":true,\"error\":null}" } }
  mock_resource "aws_s3_bucket" { defaults = { arn = "arn:aws:s3:::a-bucket" } }
}

variables {
  loki_url = "https://loki.example.com"
}

run "tells_the_functions_and_the_bucket" {
  command = apply
  assert {
    condition = [output.shipper_function_name, output.registrar_function_name, output.bucket] == [
      "loki-shipper-shipper", "loki-shipper-registrar", "loki-shipper-123456789012-eu-central-1"
    ]
    error_message = "names"
  }
  assert {
    condition     = output.shipper_function_arn == aws_lambda_function.shipper.arn && output.registrar_function_arn == aws_lambda_function.registrar.arn
    error_message = "ARNs"
  }
  assert {
    condition     = output.log_groups == {}
    error_message = jsonencode(output.log_groups)
  }
}

run "tells_the_labels_of_each_group" {
  command = plan
  variables {
    log_groups = {
      "/aws/lambda/fun-checkout" = { tags = { owner = "checkout", "Team-Name" = "Käse", "1st" = "x", "__meta" = "y", unused = "z", empty = "" } }
    }
    log_group_prefixes = ["/app/"]
    log_group_tags     = { location = "eu-central-1" }
    labels = {
      from_tags = ["owner", "Team-Name", "1st", "__meta", "empty", "missing", "location", "aws:cloudformation:stack-name"]
      static    = { env = "prod" }
    }
  }
  assert {
    condition = { for name, group in output.log_groups : name => group.labels } == {
      "/aws/lambda/fun-checkout" = {
        service_name = "fun-checkout"
        log_group    = "/aws/lambda/fun-checkout"
        account_id   = "123456789012"
        region       = "eu-central-1"
        env          = "prod"
        owner        = "checkout"
        Team_Name    = "Käse"
        _1st         = "x"
        _meta        = "y"
        location     = "eu-central-1"
      }
      "/app/one" = {
        service_name = "one"
        log_group    = "/app/one"
        account_id   = "123456789012"
        region       = "eu-central-1"
        env          = "prod"
        location     = "eu-central-1"
      }
      "/app/two/" = {
        log_group  = "/app/two/"
        account_id = "123456789012"
        region     = "eu-central-1"
        env        = "prod"
        location   = "eu-central-1"
      }
    }
    error_message = jsonencode(output.log_groups)
  }
}

run "gives_a_query_that_finds_the_lines_whatever_their_tags_were" {
  command = plan
  variables {
    log_groups = { "/aws/lambda/fun-checkout" = { tags = { owner = "checkout" } } }
    labels     = { from_tags = ["owner"] }
  }
  assert {
    condition     = output.log_groups["/aws/lambda/fun-checkout"].logql == "{log_group=\"/aws/lambda/fun-checkout\", account_id=\"123456789012\", region=\"eu-central-1\"}"
    error_message = output.log_groups["/aws/lambda/fun-checkout"].logql
  }
}

run "tells_the_labels_that_a_policy_makes" {
  command = plan
  variables {
    log_groups = {
      "/aws/lambda/fun-checkout" = { tags = { owner = " Shop ", "Team-Name" = "Checkout", "app:version" = "V1", "app:build" = "42", internal = "x" } }
      "/aws/lambda/fun-mail"     = { tags = { owner = "MAIL" } }
      "/ecs/orders/api"          = { tags = { owner = "Shop", sut = "Orders" } }
    }
    labels = {
      from_tags    = ["Team-Name", "app:*", "internal", "owner"]
      rename       = { "Team-Name" = "team", "app:version" = "version" }
      static       = { env = "prod" }
      service_name = "{Team-Name|owner}-{log_group_name}"
      values       = { case = "lower" }
      drop_tags    = ["internal"]
      by_prefix = {
        "/ecs/"        = { static = { env = "test" } }
        "/ecs/orders/" = { from_tags = ["sut"], service_name = "{owner}", values = { case = "upper" } }
      }
    }
  }
  assert {
    condition = { for name, group in output.log_groups : name => group.labels } == {
      "/aws/lambda/fun-checkout" = {
        service_name = "checkout-fun-checkout"
        log_group    = "/aws/lambda/fun-checkout"
        account_id   = "123456789012"
        region       = "eu-central-1"
        env          = "prod"
        team         = "checkout"
        app_build    = "42"
        version      = "v1"
        owner        = "shop"
      }
      "/aws/lambda/fun-mail" = {
        service_name = "mail-fun-mail"
        log_group    = "/aws/lambda/fun-mail"
        account_id   = "123456789012"
        region       = "eu-central-1"
        env          = "prod"
        owner        = "mail"
      }
      "/ecs/orders/api" = {
        service_name = "SHOP"
        log_group    = "/ecs/orders/api"
        account_id   = "123456789012"
        region       = "eu-central-1"
        env          = "prod"
        sut          = "ORDERS"
      }
    }
    error_message = jsonencode(output.log_groups)
  }
}

run "tells_which_tags_are_no_labels_although_they_were_chosen" {
  command = plan
  variables {
    log_groups = {
      few  = { tags = { a = "x", b = "" } }
      many = { tags = merge({ for i in range(20) : format("tag-%02d", i) => "x" }, { "region" = "x", "tag_00" = "y" }) }
    }
    labels = { from_tags = ["*"] }
  }
  assert {
    condition = jsonencode([for group in output.log_groups : group.left_out]) == jsonencode([
      [], concat(["region"], [for i in range(11, 20) : "tag-${i}"], ["tag_00"])
    ])
    error_message = jsonencode(output.log_groups)
  }
}
