variable "region" {
  description = "AWS region of the log groups and of the host."
  type        = string
  default     = "eu-central-1"
}

variable "subnet_id" {
  description = "Private subnet of the host and the shipper, from which a NAT gateway leads to the internet."
  type        = string
}

variable "volume_gb" {
  description = "Size of the data volume in GB; it may grow later."
  type        = number
  default     = 50
}

variable "retention_days" {
  description = "Days that Loki keeps lines."
  type        = number
  default     = 30
}
