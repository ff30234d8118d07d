output "log_groups" {
  description = "The log groups that are shipped, with the labels of their lines and a LogQL query for each."
  value       = module.loki_shipper.log_groups
}

output "bucket" {
  description = "Bucket that keeps what Loki did not take, for loki-shipper replay."
  value       = module.loki_shipper.bucket
}
