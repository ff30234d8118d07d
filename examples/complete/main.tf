# What a platform team would run: chosen groups with the metadata of their owners, credentials, and a Loki in a VPC.

terraform {
  required_version = ">= 1.9.0"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0"
    }
  }
}

provider "aws" {
  region = var.region
}

module "loki_shipper" {
  source   = "../../dist/module"
  loki_url = "https://loki.internal.example.com:3100"

  loki_auth = {
    basic_auth_arn = data.aws_secretsmanager_secret.loki.arn
    tenant_arn     = var.loki_tenant_arn
  }

  # Three functions by name, with what is known of them; the checkout's debug lines stay in CloudWatch.
  log_groups = {
    "/aws/lambda/fun-checkout" = {
      tags           = { owner = "checkout", sut = "orders", language = "python" }
      filter_pattern = "-DEBUG"
    }
    "/aws/lambda/fun-invoice" = { tags = { owner = "billing", sut = "orders", language = "nodejs" } }
    "/aws/lambda/fun-mail"    = { tags = { owner = "billing", sut = "mail", language = "java" } }
  }
  # Whatever else is called fun-, but not these.
  log_group_prefixes  = ["/aws/lambda/fun-"]
  excluded_log_groups = ["/aws/lambda/fun-noisy", "/aws/lambda/fun-internal-*"]
  # For all of them; cost_center becomes structured metadata, because it is no label.
  log_group_tags = { location = var.region, cost_center = "4711" }

  labels = {
    from_tags = ["owner", "sut", "language", "location"]
    static    = { env = "prod" }
  }

  vpc = {
    subnet_ids         = var.subnet_ids
    security_group_ids = [aws_security_group.loki_shipper.id]
  }

  memory_size                    = 1024
  reserved_concurrent_executions = 20
  log_retention_days             = 14
  failed_delivery_retention_days = 30
  tags                           = local.tags

  # This Loki takes shorter lines than others, and the batch jobs of the night are an hour late.
  lines         = { max_bytes = 131072, too_long = "cut" }
  alarms        = { lag_minutes = 90 }
  alarm_actions = [var.alarm_topic_arn]
}

data "aws_secretsmanager_secret" "loki" {
  name = "loki/basic-auth"
}

# Out to Loki and to the endpoints of AWS; nobody calls the shipper.
resource "aws_security_group" "loki_shipper" {
  name        = "loki-shipper"
  description = "The shipper of loki-shipper"
  vpc_id      = var.vpc_id
  tags        = local.tags
}

resource "aws_vpc_security_group_egress_rule" "loki" {
  security_group_id = aws_security_group.loki_shipper.id
  description       = "Push to Loki"
  cidr_ipv4         = var.vpc_cidr
  ip_protocol       = "tcp"
  from_port         = 3100
  to_port           = 3100
  tags              = local.tags
}

resource "aws_vpc_security_group_egress_rule" "endpoints" {
  security_group_id = aws_security_group.loki_shipper.id
  description       = "Interface endpoints of CloudWatch Logs, Secrets Manager and SSM"
  cidr_ipv4         = var.vpc_cidr
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  tags              = local.tags
}

# A gateway endpoint has no address in the VPC: S3 answers at its own ones.
data "aws_ec2_managed_prefix_list" "s3" {
  name = "com.amazonaws.${var.region}.s3"
}

resource "aws_vpc_security_group_egress_rule" "s3" {
  security_group_id = aws_security_group.loki_shipper.id
  description       = "Park what Loki refuses"
  prefix_list_id    = data.aws_ec2_managed_prefix_list.s3.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  tags              = local.tags
}

locals {
  tags = { team = "platform" }
}
