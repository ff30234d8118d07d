# The registrar answers that it could not attach the log group.
mock_provider "aws" {
  mock_data "aws_region" { defaults = { id = "eu-central-1" } }
  mock_data "aws_ssm_parameters_by_path" {
    defaults = {
      names  = ["/loki-shipper/loki-shipper"]
      values = ["{\"version\":1,\"name\":\"loki-shipper\",\"id\":\"an-id\",\"registrar\":\"loki-shipper-registrar\",\"shipper\":\"arn:aws:lambda:eu-central-1:123456789012:function:loki-shipper-shipper\"}"]
    }
  }
  mock_resource "aws_lambda_invocation" { defaults = { result = "{\"ok\":false,\"error\":\"logs:PutSubscriptionFilter failed with LimitExceededException.\"}" } }
}

variables {
  name = "/aws/lambda/fun-checkout"
}

run "fails_the_apply" {
  command         = apply
  expect_failures = [output.log_group_name]
}

run "fails_the_next_plan_although_nothing_changed" {
  command         = plan
  expect_failures = [output.log_group_name]
}

run "plans_again_when_it_is_to_be_attached_again" {
  command = plan
  plan_options {
    replace = [aws_lambda_invocation.attachment]
  }
  assert {
    condition     = output.log_group_name == "/aws/lambda/fun-checkout"
    error_message = output.log_group_name
  }
}
