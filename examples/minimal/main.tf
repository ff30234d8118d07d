# Ships the logs of all Lambda functions of an account and region.

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
  region = "eu-central-1"
}

module "loki_shipper" {
  source   = "../../dist/module"
  loki_url = "https://loki.example.com"

  log_group_prefixes = ["/aws/lambda/"]
}

output "log_groups" {
  description = "The log groups that are shipped, with the labels of their lines and a LogQL query for each."
  value       = module.loki_shipper.log_groups
}
