variable "region" {
  description = "AWS region of the log groups."
  type        = string
  default     = "eu-central-1"
}

variable "vpc_id" {
  description = "VPC from which Loki can be reached, with interface endpoints for logs, secretsmanager and ssm, and a gateway endpoint for s3."
  type        = string
}

variable "vpc_cidr" {
  description = "Addresses of that VPC."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets of that VPC, in two availability zones at least."
  type        = list(string)
}

# An ARN, not a data source: that would bring the parameter's value into the state.
variable "loki_tenant_arn" {
  description = "ARN of the SSM parameter that holds the tenant of Loki."
  type        = string
}

variable "alarm_topic_arn" {
  description = "ARN of the SNS topic that hears of alarms."
  type        = string
}
