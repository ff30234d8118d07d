mock_provider "aws" {
  mock_data "aws_caller_identity" { defaults = { account_id = "123456789012" } }
  mock_data "aws_region" { defaults = { id = "eu-central-1" } }
  mock_data "aws_partition" { defaults = { partition = "aws" } }
  mock_data "aws_cloudwatch_log_groups" { defaults = { log_group_names = ["/aws/lambda/fun-stock", "/aws/lambda/fun-noisy", "/aws/lambda/fun-internal-audit"] } }
  mock_data "aws_secretsmanager_secret" { defaults = { arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:loki/basic-auth-a1B2c3" } }
}

variables {
  vpc_id          = "vpc-0a"
  vpc_cidr        = "10.0.0.0/16"
  subnet_ids      = ["subnet-0a", "subnet-0b"]
  loki_tenant_arn = "arn:aws:ssm:eu-central-1:123456789012:parameter/loki/tenant"
  alarm_topic_arn = "arn:aws:sns:eu-central-1:123456789012:oncall"
}

run "tells_the_labels_of_every_group_before_anything_is_created" {
  command = plan
  assert {
    condition = { for name, group in output.log_groups : name => group.labels } == {
      for name, tags in {
        fun-checkout = { owner = "checkout", sut = "orders", language = "python" }
        fun-invoice  = { owner = "billing", sut = "orders", language = "nodejs" }
        fun-mail     = { owner = "billing", sut = "mail", language = "java" }
        fun-stock    = {}
        } : "/aws/lambda/${name}" => merge(tags, {
          service_name = name
          log_group    = "/aws/lambda/${name}"
          account_id   = "123456789012"
          region       = "eu-central-1"
          env          = "prod"
          location     = "eu-central-1"
      })
    }
    error_message = jsonencode(output.log_groups)
  }
}
