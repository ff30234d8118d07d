/** Which labels the lines of a log group get, besides service_name, log_group, account_id and region. */
export interface LabelPolicy {
  /** Keys of tags that become labels; where two become the same name, the first counts. */
  readonly fromTags: readonly string[];
  /** The same for all log groups: name → value. */
  readonly static: Readonly<Record<string, string>>;
}
