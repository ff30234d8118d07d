import { type Installation, oneOf } from './installations.ts';
import { isHidden, readText, type Side } from './value.ts';

/** Account and region; null where the plan does not tell. */
export interface Place {
  readonly account: string | null;
  readonly region: string | null;
}

/** Where an installation is. Its permission names both, which a first plan tells already. */
export function placeOf(installation: Installation): Place {
  const permission = oneOf(installation, 'aws_lambda_permission', 'log_groups');
  const place = placeOfArn(permission?.after, 'source_arn') ?? placeOfArn(permission?.before, 'source_arn');
  const lambda = oneOf(installation, 'aws_lambda_function', 'shipper');
  return (
    place ?? placeOfArn(lambda?.after, 'arn') ?? placeOfArn(lambda?.before, 'arn') ?? { account: null, region: null }
  );
}

/** The account and region in the ARN that an attribute holds; undefined where that is not told. */
export function placeOfArn(side: Side | undefined, attribute: string): Place | undefined {
  const arn = side && readText(side, attribute);
  if (!arn || isHidden(arn) || !arn.known) return undefined;
  const [, region, account] = /^arn:[^:]*:[^:]*:([^:]+):(\d{12}):/.exec(arn.known) ?? [];
  return account && region ? { account, region } : undefined;
}
