# The module with a Loki of its own: the shipper joins the host.
mock_provider "aws" {
  mock_data "aws_caller_identity" { defaults = { account_id = "123456789012" } }
  mock_data "aws_region" { defaults = { id = "eu-central-1" } }
  mock_data "aws_partition" { defaults = { partition = "aws" } }
  mock_data "aws_ec2_instance_type_offerings" { defaults = { locations = ["eu-central-1a"] } }
  mock_data "aws_ec2_instance_type" {
    defaults = {
      instance_type                   = "t4g.medium"
      memory_size                     = 4096
      supported_architectures         = ["arm64"]
      default_vcpus                   = 2
      burstable_performance_supported = true
    }
  }
  mock_data "aws_subnets" { defaults = { ids = ["subnet-1"] } }
  mock_data "aws_subnet" { defaults = { id = "subnet-1", vpc_id = "vpc-1", availability_zone = "eu-central-1a" } }
  mock_data "aws_ssm_parameter" { defaults = { insecure_value = "ami-1" } }

  mock_resource "aws_iam_role" { defaults = { arn = "arn:aws:iam::123456789012:role/a-role" } }
  mock_resource "aws_lambda_function" { defaults = { arn = "arn:aws:lambda:eu-central-1:123456789012:function:a-function" } }
  mock_resource "aws_lambda_invocation" { defaults = { result = "{\"ok\":true,\"error\":null}" } }
  mock_resource "aws_s3_bucket" { defaults = { arn = "arn:aws:s3:::a-bucket" } }
  mock_resource "aws_secretsmanager_secret" { defaults = { arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:push-AbCdEf" } }
  mock_resource "aws_instance" { defaults = { private_ip = "10.0.0.5" } }
  mock_resource "aws_security_group" { defaults = { id = "sg-1" } }
}

variables {
  loki_host = {
    subnet_id   = "subnet-1"
    kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/a-key"
  }
}

run "has_the_shipper_join_the_host" {
  command = apply
  assert {
    condition     = aws_lambda_function.shipper.environment[0].variables.LOKI_URL == "http://10.0.0.5:3100"
    error_message = "URL"
  }
  assert {
    condition     = aws_lambda_function.shipper.environment[0].variables.LOKI_BASIC_AUTH_ARN == output.loki_host.push_secret_arn
    error_message = "secret"
  }
  assert {
    condition     = aws_lambda_function.shipper.vpc_config[0].subnet_ids == toset(["subnet-1"]) && aws_lambda_function.shipper.vpc_config[0].security_group_ids == toset(["sg-1"])
    error_message = "network"
  }
}

run "lets_it_read_the_secret_under_the_key_of_the_host_from_within_a_vpc" {
  command = apply
  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.shipper.policy).Statement : statement.Sid => statement.Resource if contains(["ReadSecrets", "DecryptSecrets", "AttachToVpc"], statement.Sid) } == {
      ReadSecrets    = [output.loki_host.push_secret_arn]
      DecryptSecrets = [var.loki_host.kms_key_arn]
      AttachToVpc    = ["*"]
    }
    error_message = aws_iam_role_policy.shipper.policy
  }
}

run "has_no_host_by_the_side_of_a_url" {
  command = plan
  variables {
    loki_url  = "https://loki.example.com"
    loki_host = null
  }
  assert {
    condition     = output.loki_host == null && length(module.loki) == 0
    error_message = "a host"
  }
}
