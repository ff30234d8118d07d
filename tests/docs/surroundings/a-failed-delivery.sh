printf '{"messageType":"DATA_MESSAGE","owner":"123456789012","logGroup":"/aws/lambda/checkout","logStream":"s","subscriptionFilters":["loki-shipper"],"logEvents":[{"id":"1","timestamp":%s000,"message":"late"}]}' "$(date +%s)" |
  gzip | base64 | tr -d '\n' | jq --raw-input --compact-output '{
    version: "1.0",
    requestContext: { condition: "RetriesExhausted", approximateInvokeCount: 3 },
    requestPayload: { awslogs: { data: . } },
    responsePayload: { errorMessage: "Loki is down." }
  }' |
  aws s3 cp - "s3://$BUCKET/aws/lambda/async/loki-shipper-shipper/2026/01/15/2026-01-15T10.00.00-0f1e"
