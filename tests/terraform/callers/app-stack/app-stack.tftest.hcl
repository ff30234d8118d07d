mock_provider "aws" {
  mock_data "aws_region" { defaults = { id = "eu-central-1" } }
  mock_data "aws_ssm_parameters_by_path" {
    defaults = {
      names  = ["/loki-shipper/loki-shipper"]
      values = ["{\"version\":1,\"name\":\"loki-shipper\",\"id\":\"an-id\",\"registrar\":\"loki-shipper-registrar\",\"shipper\":\"arn:aws:lambda:eu-central-1:123456789012:function:loki-shipper-shipper\"}"]
    }
  }
  mock_resource "aws_iam_role" { defaults = { arn = "arn:aws:iam::123456789012:role/a-role" } }
  mock_resource "aws_lambda_invocation" { defaults = { result = "{\"ok\":true,\"error\":null,\"wantedBy\":[\"orders\"]}" } }
}

run "tells_the_queries_before_anything_is_created" {
  command = plan
  assert {
    condition     = output.queries["orders-api"] == "{log_group=\"/aws/lambda/orders-api\", account_id=\"123456789012\", region=\"eu-central-1\"}"
    error_message = jsonencode(output.queries)
  }
}

run "applies_as_it_is" {
  command = apply
  assert {
    condition     = output.functions == ["orders-api", "orders-worker"]
    error_message = jsonencode(output.functions)
  }
}
