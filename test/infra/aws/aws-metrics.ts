/** Names of AWS's own metrics, by namespace, as AWS documents them. */
export const awsMetrics: Readonly<Record<string, readonly string[]>> = {
  // docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html, …/urls-monitoring.html
  'AWS/Lambda': [
    ...['Invocations', 'Errors', 'Throttles', 'Duration', 'ConcurrentExecutions', 'OffsetLag'],
    ...['DroppedEventCount', 'OnFailureDestinationDeliveredEventCount', 'EventPollerUnit'],
    ...['PollingErrorCount', 'InvokeErrorCount', 'CommitErrorCount', 'OnFailureDestinationDeliveryErrorCount'],
    ...['UrlRequestCount', 'Url4xxCount', 'Url5xxCount', 'UrlRequestLatency'],
  ],
  // docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
  'AWS/ApiGateway': ['Count', '4xx', '5xx', 'Latency'],
  // docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
  'AWS/DynamoDB': [
    ...['ReadThrottleEvents', 'WriteThrottleEvents', 'TransactionConflict', 'SystemErrors'],
    ...['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits'],
  ],
  // docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html, level DEFAULT
  'AWS/Kafka': [
    ...['ActiveControllerCount', 'OfflinePartitionsCount', 'KafkaDataLogsDiskUsed', 'CPUCreditBalance'],
    ...['CpuUser', 'CpuSystem', 'ConnectionCount', 'EstimatedMaxTimeLag', 'BytesInPerSec', 'BytesOutPerSec'],
  ],
  // docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html
  'AWS/Scheduler': ['TargetErrorCount', 'InvocationDroppedCount'],
  // docs.aws.amazon.com/vpc/latest/userguide/metrics-dimensions-nat-gateway.html
  'AWS/NATGateway': ['BytesOutToDestination', 'BytesInFromDestination'],
  // docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html
  'AWS/Logs': ['IncomingBytes'],
};
