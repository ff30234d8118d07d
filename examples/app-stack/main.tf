# The stack of an application: two functions, whose log groups it attaches to the loki-shipper of the account.

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
  # What the pipeline knows of the functions.
  functions = {
    orders-api    = { owner = "checkout", sut = "orders", language = "nodejs" }
    orders-worker = { owner = "checkout", sut = "orders", language = "nodejs" }
  }
}

module "log_group" {
  source   = "../../dist/module/modules/log-group"
  for_each = local.functions

  name              = "/aws/lambda/${each.key}"
  retention_in_days = 30
  tags              = each.value
  claimant          = "orders"
}

resource "aws_lambda_function" "this" {
  for_each = local.functions

  function_name    = each.key
  description      = "Sample of loki-shipper's app-stack."
  role             = aws_iam_role.this[each.key].arn
  runtime          = "nodejs22.x"
  handler          = "handler.handler"
  architectures    = ["arm64"]
  filename         = "${path.module}/../../dist/samples/fun-invoice.zip"
  source_code_hash = filebase64sha256("${path.module}/../../dist/samples/fun-invoice.zip")

  # The log group is shipped before the function can write its first line.
  logging_config {
    log_format = "Text"
    log_group  = module.log_group[each.key].log_group_name
  }

  depends_on = [aws_iam_role_policy.this]
}

resource "aws_iam_role" "this" {
  for_each = local.functions

  name = each.key
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "this" {
  for_each = local.functions

  name = "write-own-logs"
  role = aws_iam_role.this[each.key].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${module.log_group[each.key].log_group_arn}:*"
    }]
  })
}

output "queries" {
  description = "A LogQL query for the lines of each function."
  value       = { for name, group in module.log_group : name => group.logql }
}

output "functions" {
  description = "Names of the functions."
  value       = [for function in aws_lambda_function.this : function.function_name]
}
