output "grafana_command" {
  description = "Command that brings Grafana to http://localhost:3000."
  value       = module.loki_shipper.loki_host.grafana_command
}

output "grafana_admin_secret_arn" {
  description = "ARN of the secret that holds the password of Grafana's user admin."
  value       = module.loki_shipper.loki_host.grafana_admin_secret_arn
}

output "boot_report_command" {
  description = "Command that shows what the host did at its last boot."
  value       = module.loki_shipper.loki_host.boot_report_command
}

output "on_destroy" {
  description = "What a destruction leaves behind, and what it takes with it."
  value       = module.loki_shipper.loki_host.on_destroy
}

output "log_groups" {
  description = "The log groups that are shipped, with the labels of their lines and a LogQL query for each."
  value       = module.loki_shipper.log_groups
}
