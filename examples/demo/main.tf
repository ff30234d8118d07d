# Two sample functions that write a few lines a minute, and loki-shipper, which brings these lines to Loki.

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

locals {
  # What a deployment pipeline knows of its functions. It becomes the tags of their log groups, and these become labels.
  functions = {
    fun-checkout = {
      runtime  = "python3.12"
      handler  = "handler.handler"
      metadata = { name = "fun-checkout", owner = "team-checkout", sut = "orders", language = "python" }
    }
    fun-invoice = {
      runtime  = "nodejs22.x"
      handler  = "handler.handler"
      metadata = { name = "fun-invoice", owner = "team-billing", sut = "orders", language = "nodejs" }
    }
  }
}

module "loki_shipper" {
  source   = "../../dist/module"
  loki_url = var.loki_url

  log_groups = {
    for name, function in local.functions :
    aws_cloudwatch_log_group.sample[name].name => { tags = function.metadata }
  }
  log_group_tags = { location = var.region }
  labels         = { from_tags = ["name", "owner", "location", "sut", "language"] }

  force_destroy = true # a demo leaves nothing behind
  tags          = local.tags
}
