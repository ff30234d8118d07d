variable "region" {
  description = "AWS region of the functions."
  type        = string
  default     = "eu-central-1"
}
