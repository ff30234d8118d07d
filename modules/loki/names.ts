/** What the module's resources are called in AWS, from `var.name`: templates, to be put between quotes. */
export const NAME = '${var.name}-host';
/** Roles are global: the region tells the installations of one account apart. */
export const roleName = (of: 'host' | 'snapshots') => `\${var.name}-${of}-\${local.region}`;
/** Bucket names are unique in the world. */
export const CONFIG_BUCKET = `${NAME}-\${local.account_id}-\${local.region}`;
/** The chunks and the index of Loki, where they are in S3. */
export const CHUNK_BUCKET = '${var.name}-loki-${local.account_id}-${local.region}';
/** Of the metrics that the host measures of itself (`host/bin/health`). */
export const METRIC_NAMESPACE = 'loki-shipper/host';
/** The tag by which Data Lifecycle Manager finds the data volume; its value is `var.name`. */
export const SNAPSHOT_TAG = 'loki-shipper-data';
