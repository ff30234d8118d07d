/** A call that was made. */
export interface Call {
  /** For example `Logs_20140328.ListTagsForResource`, or `S3.PutObject`. */
  readonly target: string;
  /** Which the call was signed for. */
  readonly region: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** An answer of a fake API: what it returns, or the error that it throws. */
export type Answer = { readonly output?: object } | { readonly error: string };

/** Each region holds its own: what another region asks for is not there. */
export function inRegion<T>(things: ReadonlyMap<string, T>, arn: string, region: string): T | undefined {
  return arn.split(':')[3] === region ? things.get(arn) : undefined;
}
