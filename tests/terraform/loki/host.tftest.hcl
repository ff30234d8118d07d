# The instance, its volume, its configuration and its alarms.
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
  mock_resource "aws_iam_role" { defaults = { arn = "arn:aws:iam::123456789012:role/mocked" } }
  mock_resource "aws_secretsmanager_secret" { defaults = { arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:mocked-a1B2c3" } }
}

variables {
  subnet_id = "subnet-1"
}

run "starts_one_instance_without_a_public_address_in_the_given_subnet" {
  command = plan
  assert {
    condition = [
      aws_instance.loki.ami, aws_instance.loki.instance_type, aws_instance.loki.subnet_id,
      aws_instance.loki.associate_public_ip_address, aws_instance.loki.user_data_replace_on_change,
    ] == ["ami-1", "t4g.medium", "subnet-1", false, false]
    error_message = jsonencode(aws_instance.loki)
  }
  assert {
    condition     = aws_instance.loki.metadata_options[0].http_tokens == "required" && aws_instance.loki.metadata_options[0].http_put_response_hop_limit == 2
    error_message = jsonencode(aws_instance.loki.metadata_options)
  }
  assert {
    condition     = aws_instance.loki.root_block_device[0].encrypted && aws_instance.loki.credit_specification[0].cpu_credits == "standard"
    error_message = "root volume, or CPU credits"
  }
  assert {
    condition     = length(aws_vpc.loki) == 0 && length(aws_nat_gateway.loki) == 0 && length(aws_subnet.private) == 0
    error_message = "There is a VPC."
  }
}

run "keeps_the_data_on_a_volume_of_its_own_in_the_zone_of_the_subnet" {
  command = plan
  variables {
    volume_gb   = 80
    snapshot_id = "snap-0a1b"
  }
  assert {
    condition = [
      aws_ebs_volume.data.availability_zone, aws_ebs_volume.data.size, aws_ebs_volume.data.type,
      aws_ebs_volume.data.encrypted, aws_ebs_volume.data.snapshot_id, aws_ebs_volume.data.final_snapshot,
    ] == ["eu-central-1a", 80, "gp3", true, "snap-0a1b", true]
    error_message = jsonencode(aws_ebs_volume.data)
  }
  assert {
    condition     = aws_volume_attachment.data.stop_instance_before_detaching
    error_message = jsonencode(aws_volume_attachment.data)
  }
  assert {
    condition     = length(aws_dlm_lifecycle_policy.snapshots) == 0 && length(aws_iam_role.snapshots) == 0
    error_message = "Somebody takes snapshots."
  }
}

run "takes_snapshots_of_the_data_volume" {
  command = apply
  variables {
    snapshots      = { interval_hours = 12, keep = 3 }
    final_snapshot = false
    tags           = { owner = "platform" }
  }
  assert {
    condition     = aws_dlm_lifecycle_policy.snapshots[0].policy_details[0].target_tags == tomap({ loki-shipper-data = aws_ebs_volume.data.tags["loki-shipper-data"] })
    error_message = jsonencode(aws_dlm_lifecycle_policy.snapshots[0])
  }
  assert {
    condition = [
      for schedule in aws_dlm_lifecycle_policy.snapshots[0].policy_details[0].schedule :
      [schedule.create_rule[0].interval, schedule.create_rule[0].times, schedule.retain_rule[0].count]
    ] == [[12, tolist(["03:00"]), 3]]
    error_message = jsonencode(aws_dlm_lifecycle_policy.snapshots[0])
  }
  assert {
    condition     = startswith(output.on_destroy, "Destroying the module destroys the data volume ${aws_ebs_volume.data.id} with all that is on it, as final_snapshot is false.")
    error_message = output.on_destroy
  }
}

run "has_the_host_fetch_its_files_and_the_list_of_them" {
  command = apply
  variables {
    maintenance_window = "Tue 02:30"
  }
  assert {
    condition     = aws_s3_object.manifest.key == "host/manifest.sha256"
    error_message = aws_s3_object.manifest.key
  }
  assert {
    condition     = toset([for object in aws_s3_object.host_files : trimprefix(object.key, "host/")]) == toset([for file in fileset("host", "**") : trimsuffix(file, ".tftpl")])
    error_message = jsonencode([for object in aws_s3_object.host_files : object.key])
  }
  assert {
    condition     = toset(compact(split("\n", aws_s3_object.manifest.content))) == toset([for object in aws_s3_object.host_files : "${sha256(object.content)}  ${trimprefix(object.key, "host/")}"])
    error_message = aws_s3_object.manifest.content
  }
  assert {
    condition     = strcontains(aws_s3_object.host_files["host.env"].content, "Tue 02:30") && strcontains(aws_s3_object.host_files["host.env"].content, aws_ebs_volume.data.id)
    error_message = aws_s3_object.host_files["host.env"].content
  }
  assert {
    condition     = strcontains(aws_instance.loki.user_data, "s3://loki-shipper-host-123456789012-eu-central-1/host")
    error_message = aws_instance.loki.user_data
  }
  assert {
    condition     = output.grafana_command == "aws ssm start-session --region eu-central-1 --target ${aws_instance.loki.id} --document-name AWS-StartPortForwardingSession --parameters portNumber=3000,localPortNumber=3000"
    error_message = output.grafana_command
  }
  assert {
    condition     = output.loki_url == "http://${aws_instance.loki.private_ip}:3100" && output.subnet_ids == ["subnet-1"] && output.vpc_id == "vpc-1"
    error_message = output.loki_url
  }
  assert {
    condition     = startswith(output.on_destroy, "Destroying the module takes a last snapshot of the data volume ${aws_ebs_volume.data.id}")
    error_message = output.on_destroy
  }
}

run "changes_its_settings_and_grows_its_volume_under_the_same_instance" {
  command = plan
  variables {
    maintenance_window = "Tue 02:30"
    retention_days     = 60
    volume_gb          = 100
    loki_image         = "grafana/loki:9.9.9@sha256:0000000000000000000000000000000000000000000000000000000000000000"
    grafana_settings   = { GF_LOG_LEVEL = "warn" }
  }
  override_data {
    target = data.aws_ssm_parameter.image
    values = { insecure_value = "ami-2" }
  }
  assert {
    condition = [aws_instance.loki.id, aws_instance.loki.ami, aws_ebs_volume.data.id, aws_ebs_volume.data.size] == [
      run.has_the_host_fetch_its_files_and_the_list_of_them.instance_id, "ami-1",
      run.has_the_host_fetch_its_files_and_the_list_of_them.volume_id, 100,
    ]
    error_message = "Something is replaced."
  }
  assert {
    condition     = aws_s3_object.manifest.content == join("", [for path, object in aws_s3_object.host_files : "${sha256(object.content)}  ${path}\n"]) && strcontains(aws_s3_object.host_files["host.env"].content, "grafana/loki:9.9.9")
    error_message = aws_s3_object.manifest.content
  }
}

run "keeps_the_volume_when_the_instance_is_replaced" {
  command = plan
  plan_options {
    replace = [aws_instance.loki]
  }
  assert {
    condition     = aws_ebs_volume.data.id == run.has_the_host_fetch_its_files_and_the_list_of_them.volume_id && aws_volume_attachment.data.volume_id == aws_ebs_volume.data.id
    error_message = "The volume is replaced, too."
  }
}

run "keeps_the_volume_where_it_is_although_the_subnet_is_in_another_zone" {
  command = plan
  override_data {
    target = data.aws_subnet.given
    values = { id = "subnet-2", vpc_id = "vpc-1", availability_zone = "eu-central-1b" }
  }
  expect_failures = [aws_ebs_volume.data]
}

run "keeps_the_key_of_the_volume" {
  command = plan
  variables {
    kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-0000-1111-2222-333344445555"
  }
  expect_failures = [aws_ebs_volume.data]
}

run "keeps_the_logs_where_loki_looks_for_them" {
  command = plan
  variables {
    storage = "s3"
  }
  expect_failures = [aws_ebs_volume.data]
}

run "has_all_alarms_and_tells_who_wants_to_know" {
  command = plan
  variables {
    alarm_actions = ["arn:aws:sns:eu-central-1:123456789012:oncall"]
  }
  assert {
    condition = [
      for alarm in [
        aws_cloudwatch_metric_alarm.status_check, aws_cloudwatch_metric_alarm.cpu_credits,
        aws_cloudwatch_metric_alarm.disk_used, aws_cloudwatch_metric_alarm.loki_health,
        aws_cloudwatch_metric_alarm.grafana_health, aws_cloudwatch_metric_alarm.host_applied,
      ] : [length(alarm), alarm[0].alarm_actions, alarm[0].ok_actions]
    ] == [for _ in range(6) : [1, toset(["arn:aws:sns:eu-central-1:123456789012:oncall"]), toset(["arn:aws:sns:eu-central-1:123456789012:oncall"])]]
    error_message = "an alarm is missing, or tells nobody"
  }
}

run "has_no_alarm_that_nobody_wants_or_that_has_no_metric" {
  command = plan
  override_data {
    target = data.aws_ec2_instance_type.host
    values = {
      instance_type                   = "m7g.large"
      supported_architectures         = ["arm64"]
      memory_size                     = 8192
      default_vcpus                   = 2
      burstable_performance_supported = false
    }
  }
  variables {
    instance_type = "m7g.large"
    alarms        = { grafana_health = false }
  }
  assert {
    condition     = length(aws_cloudwatch_metric_alarm.cpu_credits) == 0 && length(aws_cloudwatch_metric_alarm.grafana_health) == 0 && length(aws_cloudwatch_metric_alarm.loki_health) == 1
    error_message = "credits, Grafana, or Loki"
  }
  assert {
    condition     = length(aws_instance.loki.credit_specification) == 0
    error_message = jsonencode(aws_instance.loki.credit_specification)
  }
}
