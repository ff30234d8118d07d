# A caller that creates what it gives to the module of the host in the same apply.

resource "aws_subnet" "logs" {
  vpc_id     = "vpc-1"
  cidr_block = "10.0.0.0/24"
}

resource "aws_kms_key" "logs" {}

resource "aws_secretsmanager_secret" "certificate" {
  name = "certificate"
}

module "loki" {
  source      = "../../dist/module/modules/loki"
  subnet_id   = aws_subnet.logs.id
  kms_key_arn = aws_kms_key.logs.arn
  tls         = { certificate_secret_arn = aws_secretsmanager_secret.certificate.arn, server_name = "loki.example.com" }
  storage     = "s3"
  snapshots   = {}
}
