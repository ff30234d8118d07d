# Ships the logs of all Lambda functions of an account and region to a Loki of its own, with Grafana beside it.

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
  source = "../../dist/module"

  loki_host = {
    subnet_id      = var.subnet_id
    volume_gb      = var.volume_gb
    retention_days = var.retention_days
  }

  log_group_prefixes = ["/aws/lambda/"]
  tags               = { application = "loki-shipper" }
}
