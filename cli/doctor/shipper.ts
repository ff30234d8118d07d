import type { LokiCheck } from '../../function/check.ts';
import { numberText } from '../number-text.ts';
import type { Checked } from './calls.ts';
import { type Finding, ok, problem, skipped, warning } from './finding.ts';

/** What the shipper found when it looked at what it needs. */
export function* checkShipper({ result }: Checked): Generator<Finding> {
  const { loki, tags, bucket, catalogue } = result;
  yield loki.error === null
    ? ok(
        'loki',
        `Loki at ${loki.host} takes pushes from the shipper. It was sent an empty one, and answered within ${loki.ms} ms.`,
      )
    : problem('loki', loki.error, lokiAdvice(loki));
  yield tags.error === null
    ? ok('tags', 'The shipper may read the tags of log groups.')
    : problem(
        'tags',
        tags.error,
        'In a VPC, CloudWatch Logs needs an interface endpoint or NAT. Elsewhere, a policy of the account forbids it to the role of the shipper.',
      );
  yield bucket.error === null
    ? ok('bucket', 'The shipper reaches the bucket that keeps what Loki refuses.')
    : problem(
        'bucket',
        bucket.error,
        'In a VPC, S3 needs a gateway endpoint. Elsewhere, a policy of the bucket or the account forbids it to the role of the shipper.',
      );
  if (catalogue.error !== null)
    yield warning(
      'catalogue',
      catalogue.error,
      'The next run of the registrar writes it anew. Until then labels stay as they are, and those of other log groups are looked up one by one.',
    );
  else if (catalogue.groups === null)
    yield skipped('catalogue', 'There is no catalogue of tags yet: the shipper looks up those of each log group.');
  else
    yield ok(
      'catalogue',
      `The shipper reads the tags of ${numberText(catalogue.groups)} log groups from the catalogue.`,
    );
}

function lokiAdvice({ status, error }: LokiCheck): string {
  if (error?.startsWith('The secret ')) return 'Name the right secrets in loki_auth, and apply.';
  if (status === null)
    return 'Is loki_url right, and is Loki up? In a VPC, do subnets and security groups let the shipper reach it?';
  if (status === 401 || status === 403)
    return 'Put the right credentials into the secret that loki_auth names: the shipper reads it anew as soon as Loki refuses it.';
  if (status === 200 || status === 404 || status === 405)
    return 'Something else than Loki answers: loki_url must be all that comes before /loki/api/v1/push.';
  if (status >= 300 && status < 400) return 'Set loki_url to where it leads.';
  return 'Look at Loki, and at the proxy in front of it if there is one.';
}
