# The plan knows neither subnet nor key, and still what there will be.
mock_provider "aws" {
  mock_data "aws_region" { defaults = { id = "eu-central-1" } }
  mock_data "aws_caller_identity" { defaults = { account_id = "123456789012" } }
  mock_data "aws_partition" { defaults = { partition = "aws" } }
  mock_data "aws_ec2_instance_type_offerings" { defaults = { locations = ["eu-central-1b", "eu-central-1a"] } }
  mock_data "aws_ec2_instance_type" {
    defaults = {
      instance_type                   = "t4g.medium"
      supported_architectures         = ["arm64"]
      memory_size                     = 4096
      default_vcpus                   = 2
      burstable_performance_supported = true
    }
  }
  mock_data "aws_subnets" { defaults = { ids = ["subnet-1"] } }
  mock_data "aws_subnet" { defaults = { id = "subnet-1", vpc_id = "vpc-1", availability_zone = "eu-central-1a" } }
  mock_data "aws_security_groups" { defaults = { ids = ["sg-1", "sg-2"] } }
  mock_data "aws_ssm_parameter" { defaults = { insecure_value = "ami-1" } }
  mock_resource "aws_subnet" { defaults = { id = "subnet-1" } }
  mock_resource "aws_kms_key" { defaults = { arn = "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-0000-1111-2222-333344445555" } }
  mock_resource "aws_iam_role" { defaults = { arn = "arn:aws:iam::123456789012:role/mocked" } }
  mock_resource "aws_secretsmanager_secret" { defaults = { arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:mocked-a1B2c3" } }
}

run "plans_before_there_is_a_subnet" {
  command = plan
  assert {
    condition     = module.loki.loki_url == "https://loki.example.com:3100"
    error_message = module.loki.loki_url
  }
}

run "applies" {
  command = apply
  assert {
    condition     = module.loki.subnet_ids == ["subnet-1"] && module.loki.vpc_id == "vpc-1"
    error_message = jsonencode(module.loki)
  }
}
