variable "loki_url" {
  description = "Base URL of the Loki that gets the lines, for example https://loki.example.com."
  type        = string
}

variable "region" {
  description = "AWS region of the functions."
  type        = string
  default     = "eu-central-1"
}
