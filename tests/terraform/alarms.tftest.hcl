# Which alarms there are, and whom they tell.
mock_provider "aws" {
  mock_data "aws_caller_identity" { defaults = { account_id = "123456789012" } }
  mock_data "aws_region" { defaults = { id = "eu-central-1" } }
  mock_data "aws_partition" { defaults = { partition = "aws" } }
}

variables {
  loki_url = "https://loki.example.com"
}

run "has_all_alarms_and_tells_nobody" {
  command = plan
  assert {
    condition = [
      for alarm in [
        aws_cloudwatch_metric_alarm.delivery_errors, aws_cloudwatch_metric_alarm.throttles,
        aws_cloudwatch_metric_alarm.async_event_age, aws_cloudwatch_metric_alarm.parked_lines,
        aws_cloudwatch_metric_alarm.failed_deliveries, aws_cloudwatch_metric_alarm.lag,
        aws_cloudwatch_metric_alarm.tag_lookups, aws_cloudwatch_metric_alarm.destination_failures,
        aws_cloudwatch_metric_alarm.registrar_errors,
      ] : length(alarm)
    ] == [1, 1, 1, 1, 1, 1, 1, 1, 1]
    error_message = "an alarm is missing"
  }
  assert {
    condition     = length(coalesce(aws_cloudwatch_metric_alarm.parked_lines[0].alarm_actions, [])) == 0
    error_message = "somebody is told"
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.registrar_errors[0].period == 300 && aws_cloudwatch_metric_alarm.registrar_errors[0].dimensions == tomap({ FunctionName = "loki-shipper-registrar" })
    error_message = jsonencode(aws_cloudwatch_metric_alarm.registrar_errors[0])
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.lag[0].threshold == 900000 && aws_cloudwatch_metric_alarm.lag[0].alarm_name == "loki-shipper-lag"
    error_message = jsonencode(aws_cloudwatch_metric_alarm.lag[0])
  }
}

run "switches_off_what_nobody_wants_and_tells_who_wants_to_know" {
  command = plan
  variables {
    name          = "second"
    alarms        = { throttles = false, lag_minutes = 5 }
    alarm_actions = ["arn:aws:sns:eu-central-1:123456789012:oncall"]
  }
  assert {
    condition     = length(aws_cloudwatch_metric_alarm.throttles) == 0 && length(aws_cloudwatch_metric_alarm.lag) == 1
    error_message = "throttles, or lag"
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.lag[0].threshold == 300000 && aws_cloudwatch_metric_alarm.lag[0].dimensions == tomap({ FunctionName = "second-shipper" })
    error_message = jsonencode(aws_cloudwatch_metric_alarm.lag[0])
  }
  assert {
    condition = alltrue([
      for actions in [aws_cloudwatch_metric_alarm.lag[0].alarm_actions, aws_cloudwatch_metric_alarm.lag[0].ok_actions] :
      actions == toset(["arn:aws:sns:eu-central-1:123456789012:oncall"])
    ])
    error_message = jsonencode(aws_cloudwatch_metric_alarm.lag[0])
  }
}
