locals {
  tags = { project = "loki-shipper-demo" }
}

resource "aws_cloudwatch_log_group" "sample" {
  for_each = local.functions

  name              = "/aws/lambda/${each.key}"
  retention_in_days = 1
  tags              = local.tags

  lifecycle {
    # The tags that the module writes are its own: without this line the next plan would take them away.
    ignore_changes = [tags, tags_all]
  }
}

resource "aws_lambda_function" "sample" {
  for_each = local.functions

  function_name    = each.key
  description      = "Sample of loki-shipper's demo."
  role             = aws_iam_role.sample[each.key].arn
  runtime          = each.value.runtime
  handler          = each.value.handler
  architectures    = ["arm64"]
  filename         = "${path.module}/../../dist/samples/${each.key}.zip"
  source_code_hash = filebase64sha256("${path.module}/../../dist/samples/${each.key}.zip")
  tags             = local.tags

  depends_on = [aws_iam_role_policy.sample]
}

resource "aws_iam_role" "sample" {
  for_each = local.functions

  name = each.key
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
  tags = local.tags
}

resource "aws_iam_role_policy" "sample" {
  for_each = local.functions

  name = "write-own-logs"
  role = aws_iam_role.sample[each.key].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.sample[each.key].arn}:*"
    }]
  })
}

resource "aws_cloudwatch_event_rule" "every_minute" {
  for_each = local.functions

  name                = "${each.key}-every-minute"
  description         = "Runs the sample ${each.key} of loki-shipper's demo."
  schedule_expression = "rate(1 minute)"
  tags                = local.tags
}

resource "aws_cloudwatch_event_target" "every_minute" {
  for_each = local.functions

  rule = aws_cloudwatch_event_rule.every_minute[each.key].name
  arn  = aws_lambda_function.sample[each.key].arn
}

resource "aws_lambda_permission" "every_minute" {
  for_each = local.functions

  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.sample[each.key].function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.every_minute[each.key].arn
}
