output "log_groups" {
  description = "The log groups that are shipped, with the labels of their lines and a LogQL query for each."
  value       = module.loki_shipper.log_groups
}

output "functions" {
  description = "Names of the sample functions."
  value       = [for function in aws_lambda_function.sample : function.function_name]
}

output "shipper" {
  description = "Name of the function that ships."
  value       = module.loki_shipper.shipper_function_name
}

output "bucket" {
  description = "Bucket that keeps the deliveries that failed."
  value       = module.loki_shipper.bucket
}
