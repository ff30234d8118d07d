# A caller that creates what it gives to the module in the same apply: at plan, only the names of the groups are known.

resource "terraform_data" "created" {
  input = "created"
}

resource "aws_secretsmanager_secret" "loki" {
  name = "loki"
}

resource "aws_cloudwatch_log_group" "checkout" {
  name = "/aws/lambda/fun-checkout"
}

module "loki_shipper" {
  source    = "../../dist/module"
  loki_url  = "https://${terraform_data.created.id}.example.com"
  loki_auth = { basic_auth_arn = aws_secretsmanager_secret.loki.arn }
  log_groups = {
    (aws_cloudwatch_log_group.checkout.name) = {
      tags           = { owner = terraform_data.created.id }
      filter_pattern = terraform_data.created.id
    }
  }
  log_group_prefixes = ["/aws/lambda/"]
  log_group_tags     = { location = terraform_data.created.id }
  labels             = { from_tags = ["owner"], static = { env = terraform_data.created.id } }
  vpc                = { subnet_ids = [terraform_data.created.id], security_group_ids = [terraform_data.created.id] }
  tags               = { team = terraform_data.created.id }
}

output "queries" {
  value = { for name, group in module.loki_shipper.log_groups : name => group.logql }
}
