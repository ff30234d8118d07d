# What the registrar is asked for a log group, and what the module tells about it.
mock_provider "aws" {
  mock_data "aws_region" { defaults = { id = "eu-central-1" } }
  mock_data "aws_ssm_parameters_by_path" {
    defaults = {
      names = ["/loki-shipper/loki-shipper", "/loki-shipper/second"]
      values = [
        "{\"version\":1,\"name\":\"loki-shipper\",\"id\":\"first-id\",\"registrar\":\"loki-shipper-registrar\",\"shipper\":\"arn:aws-us-gov:lambda:eu-central-1:123456789012:function:loki-shipper-shipper\"}",
        "{\"version\":1,\"name\":\"second\",\"id\":\"second-id\",\"registrar\":\"second-registrar\",\"shipper\":\"arn:aws:lambda:eu-central-1:123456789012:function:second-shipper\"}",
      ]
    }
  }
  mock_resource "aws_lambda_invocation" { defaults = { result = "{\"ok\":true,\"error\":null,\"wantedBy\":[\"listed\",\"terraform:an-id\"]}" } }
}

variables {
  name = "/aws/lambda/fun-checkout"
}

run "creates_the_log_group_and_attaches_it" {
  command = apply
  variables {
    retention_in_days = 30
    kms_key_id        = "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-0000-1111-2222-333344445555"
    skip_destroy      = true
    tags              = { owner = "checkout" }
    claimant          = "checkout-service"
  }
  assert {
    condition = [
      aws_cloudwatch_log_group.this[0].name, aws_cloudwatch_log_group.this[0].retention_in_days,
      aws_cloudwatch_log_group.this[0].kms_key_id, aws_cloudwatch_log_group.this[0].skip_destroy,
      ] == [
      "/aws/lambda/fun-checkout", 30,
      "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-0000-1111-2222-333344445555", true,
    ]
    error_message = jsonencode(aws_cloudwatch_log_group.this)
  }
  assert {
    condition = jsondecode(aws_lambda_invocation.attachment.input) == {
      action        = "attach"
      logGroup      = "/aws/lambda/fun-checkout"
      claimant      = "checkout-service:${terraform_data.claim.id}"
      tags          = { owner = "checkout" }
      filterPattern = null
    }
    error_message = aws_lambda_invocation.attachment.input
  }
  assert {
    condition     = aws_lambda_invocation.attachment.function_name == "loki-shipper-registrar" && aws_lambda_invocation.attachment.lifecycle_scope == "CRUD"
    error_message = jsonencode(aws_lambda_invocation.attachment)
  }
  assert {
    condition     = length(jsondecode(aws_lambda_invocation.attachment.input).claimant) <= 128
    error_message = aws_lambda_invocation.attachment.input
  }
  assert {
    condition     = output.log_group_name == "/aws/lambda/fun-checkout" && output.wanted_by == ["listed", "terraform:an-id"]
    error_message = jsonencode(output.wanted_by)
  }
  assert {
    condition     = output.log_group_arn == "arn:aws-us-gov:logs:eu-central-1:123456789012:log-group:/aws/lambda/fun-checkout"
    error_message = output.log_group_arn
  }
  assert {
    condition     = output.logql == "{log_group=\"/aws/lambda/fun-checkout\", account_id=\"123456789012\", region=\"eu-central-1\"}"
    error_message = output.logql
  }
}

run "attaches_one_that_is_there_to_another_shipper" {
  command = apply
  variables {
    create_log_group = false
    shipper          = "second"
    filter_pattern   = ""
  }
  assert {
    condition     = length(aws_cloudwatch_log_group.this) == 0
    error_message = jsonencode(aws_cloudwatch_log_group.this)
  }
  assert {
    condition     = aws_lambda_invocation.attachment.function_name == "second-registrar" && aws_lambda_invocation.attachment.triggers == tomap({ installation = "second-id" })
    error_message = jsonencode(aws_lambda_invocation.attachment)
  }
  assert {
    condition     = jsondecode(aws_lambda_invocation.attachment.input).filterPattern == "" && jsondecode(aws_lambda_invocation.attachment.input).logGroup == "/aws/lambda/fun-checkout"
    error_message = aws_lambda_invocation.attachment.input
  }
}
