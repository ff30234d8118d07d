# Who reaches the host, whom it reaches, and what its role may do.
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
  mock_data "aws_prefix_list" { defaults = { id = "pl-1" } }
  mock_data "aws_security_groups" { defaults = { ids = ["sg-1", "sg-2"] } }
  mock_data "aws_ssm_parameter" { defaults = { insecure_value = "ami-1" } }
  mock_resource "aws_iam_role" { defaults = { arn = "arn:aws:iam::123456789012:role/mocked" } }
  mock_resource "aws_secretsmanager_secret" { defaults = { arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:mocked-a1B2c3" } }
}

variables {
  subnet_id = "subnet-1"
}

run "lets_the_shipper_alone_push_and_nobody_see_grafana" {
  command = plan
  assert {
    condition     = [aws_vpc_security_group_ingress_rule.loki_from_shipper.from_port, aws_vpc_security_group_ingress_rule.loki_from_shipper.to_port, aws_vpc_security_group_ingress_rule.loki_from_shipper.ip_protocol] == [3100, 3100, "tcp"]
    error_message = jsonencode(aws_vpc_security_group_ingress_rule.loki_from_shipper)
  }
  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.loki_from_security_groups) + length(aws_vpc_security_group_ingress_rule.loki_from_cidrs) + length(aws_vpc_security_group_ingress_rule.grafana_from_cidrs) == 0
    error_message = "Somebody else is let in."
  }
  assert {
    condition     = [for rule in aws_vpc_security_group_egress_rule.loki : [rule.cidr_ipv4, rule.from_port, rule.to_port]] == [["0.0.0.0/0", 443, 443]]
    error_message = jsonencode(aws_vpc_security_group_egress_rule.loki)
  }
  assert {
    condition     = length(aws_vpc_security_group_egress_rule.loki_to_s3) == 0
    error_message = jsonencode(aws_vpc_security_group_egress_rule.loki_to_s3)
  }
  assert {
    condition     = aws_security_group.loki.vpc_id == "vpc-1" && aws_security_group.shipper.vpc_id == "vpc-1"
    error_message = "A security group is elsewhere."
  }
}

run "has_a_rule_for_each_port_and_peer" {
  command = plan
  variables {
    shipper_security_group_ids = ["sg-1", "sg-2"]
    push_cidrs                 = ["10.0.0.0/8", "fd00::/8"]
    grafana_cidrs              = ["10.1.0.0/16"]
    egress_cidrs               = ["10.0.0.0/8", "fd00::/8"]
    egress_ports               = [443, 587]
    tls                        = { certificate_secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:certificate-a1B2c3", server_name = "loki.example.com" }
  }
  assert {
    condition     = { for id, rule in aws_vpc_security_group_ingress_rule.loki_from_security_groups : id => rule.from_port } == { sg-1 = 3100, sg-2 = 3100 }
    error_message = jsonencode(aws_vpc_security_group_ingress_rule.loki_from_security_groups)
  }
  assert {
    condition     = { for cidr, rule in aws_vpc_security_group_ingress_rule.loki_from_cidrs : cidr => [coalesce(rule.cidr_ipv4, "none"), coalesce(rule.cidr_ipv6, "none"), rule.to_port] } == { "10.0.0.0/8" = ["10.0.0.0/8", "none", 3100], "fd00::/8" = ["none", "fd00::/8", 3100] }
    error_message = jsonencode(aws_vpc_security_group_ingress_rule.loki_from_cidrs)
  }
  assert {
    condition     = { for cidr, rule in aws_vpc_security_group_ingress_rule.grafana_from_cidrs : cidr => rule.from_port } == { "10.1.0.0/16" = 443 }
    error_message = jsonencode(aws_vpc_security_group_ingress_rule.grafana_from_cidrs)
  }
  assert {
    condition     = keys(aws_vpc_security_group_egress_rule.loki) == ["10.0.0.0/8:443", "10.0.0.0/8:587", "fd00::/8:443", "fd00::/8:587"] && keys(aws_vpc_security_group_egress_rule.shipper) == keys(aws_vpc_security_group_egress_rule.loki)
    error_message = jsonencode(keys(aws_vpc_security_group_egress_rule.loki))
  }
  assert {
    condition = [
      for rule in concat(aws_vpc_security_group_egress_rule.loki_to_s3, aws_vpc_security_group_egress_rule.shipper_to_s3) :
      [rule.prefix_list_id, rule.from_port, rule.to_port]
    ] == [["pl-1", 443, 443], ["pl-1", 443, 443]]
    error_message = "S3 is out of reach."
  }
  assert {
    condition     = output.loki_url == "https://loki.example.com:3100"
    error_message = output.loki_url
  }
}

run "creates_a_small_vpc_with_a_private_subnet" {
  command = apply
  variables {
    subnet_id  = null
    create_vpc = true
    vpc_cidr   = "10.20.0.0/24"
  }
  assert {
    condition     = [aws_subnet.private[0].cidr_block, aws_subnet.public[0].cidr_block] == ["10.20.0.0/26", "10.20.0.64/26"]
    error_message = jsonencode([aws_subnet.private, aws_subnet.public])
  }
  assert {
    condition     = aws_subnet.private[0].availability_zone == "eu-central-1a" && aws_ebs_volume.data.availability_zone == "eu-central-1a" && aws_instance.loki.subnet_id == aws_subnet.private[0].id
    error_message = "The instance, its volume and its subnet are not together."
  }
  assert {
    condition     = aws_route.private[0].nat_gateway_id == aws_nat_gateway.loki[0].id && aws_nat_gateway.loki[0].subnet_id == aws_subnet.public[0].id && aws_route.public[0].gateway_id == aws_internet_gateway.loki[0].id
    error_message = jsonencode([aws_route.private, aws_route.public])
  }
  assert {
    condition     = aws_vpc_endpoint.s3[0].service_name == "com.amazonaws.eu-central-1.s3" && aws_vpc_endpoint.s3[0].route_table_ids == toset([aws_route_table.private[0].id])
    error_message = jsonencode(aws_vpc_endpoint.s3)
  }
  assert {
    condition     = length(data.aws_subnet.given) == 0 && output.vpc_id == aws_vpc.loki[0].id && output.subnet_ids == [aws_subnet.private[0].id]
    error_message = jsonencode(output.subnet_ids)
  }
}

run "permits_the_instance_what_it_uses" {
  command = apply
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.host.policy).Statement : statement.Sid] == [
      "FetchConfiguration", "GenerateSecrets", "PutMetrics", "ReadMetrics", "QueryLogs", "ReadQueries",
    ]
    error_message = aws_iam_role_policy.host.policy
  }
  assert {
    condition = {
      for statement in jsondecode(aws_iam_role_policy.host.policy).Statement : statement.Sid => statement.Condition if can(statement.Condition)
      } == {
      FetchConfiguration = { StringEquals = { "s3:ResourceAccount" = "123456789012" } }
      PutMetrics         = { StringEquals = { "cloudwatch:namespace" = "loki-shipper/host" } }
    }
    error_message = aws_iam_role_policy.host.policy
  }
  assert {
    condition     = length(aws_s3_bucket.chunks) == 0 && length(aws_s3_bucket_policy.chunks) == 0
    error_message = "There is a bucket of chunks."
  }
}

run "permits_it_more_where_it_uses_more" {
  command = apply
  # Another storage is refused, unless it is for a new host.
  plan_options {
    replace = [terraform_data.volume_origin]
  }
  variables {
    name    = "second"
    storage = "s3"
    tls     = { certificate_secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:certificate-a1B2c3", server_name = "loki.example.com" }
  }
  assert {
    condition = {
      for statement in jsondecode(aws_iam_role_policy.host.policy).Statement : statement.Sid => statement.Resource
      if contains(["ReadCertificate", "FindChunks", "KeepChunks"], statement.Sid)
      } == {
      ReadCertificate = ["arn:aws:secretsmanager:eu-central-1:123456789012:secret:certificate-a1B2c3"]
      FindChunks      = ["arn:aws:s3:::second-loki-123456789012-eu-central-1"]
      KeepChunks      = ["arn:aws:s3:::second-loki-123456789012-eu-central-1/*"]
    }
    error_message = aws_iam_role_policy.host.policy
  }
  assert {
    condition     = aws_s3_bucket.chunks[0].bucket == "second-loki-123456789012-eu-central-1" && length(aws_s3_bucket_policy.chunks) == 1 && !aws_s3_bucket.chunks[0].force_destroy
    error_message = jsonencode(aws_s3_bucket.chunks)
  }
}
