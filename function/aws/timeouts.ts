/**
 * How long SDK clients wait. AWS answers in milliseconds, and the SDK's own choice is to wait without end: a function in
 * a VPC from which an API cannot be reached would hang until Lambda ends it, without saying on what.
 */
export const TIMEOUTS = { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true } as const;
