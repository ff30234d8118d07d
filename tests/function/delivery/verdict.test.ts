import { expect } from 'chai';
import { verdictOf } from '../../../function/delivery/verdict.ts';

const STREAM = '{service_name="fun", log_group="/aws/lambda/fun"}';
const OLD = `entry for stream '${STREAM}' has timestamp too old: 2026-01-01T00:00:00Z, oldest acceptable timestamp is: 2026-01-08T00:00:00Z`;
const BEHIND = (ignored: number, of: number) =>
  `entry with timestamp 2026-01-15 06:00:00 +0000 UTC ignored, reason: 'entry too far behind, entry timestamp is: 2026-01-15T06:00:00Z, oldest acceptable timestamp is: 2026-01-15T07:00:00Z',\nuser 'fake', total ignored: ${ignored} out of ${of} for stream: ${STREAM}`;
const RATE = (limit: number, bytes: number) =>
  `ingestion rate limit exceeded for user fake (limit: ${limit} bytes/sec) while attempting to ingest '9' lines totaling '${bytes}' bytes, reduce log volume or contact your Loki administrator to see if the limit can be increased`;

/** Status and text of an answer to a push of nine entries → what it means. The texts are those of Loki 3.7.6. */
const TABLE: readonly (readonly [status: number, text: string, kind: string, reason?: string])[] = [
  [204, '', 'stored'],
  [200, '', 'stored'],
  [201, '', 'fail'],
  [260, "ingestion blocked for user 'fake' until '2026-01-16T00:00:00Z' with status code '260'", 'fail'],
  [301, '', 'fail'],
  [308, '', 'fail'],
  [400, OLD, 'some', 'greater_than_max_sample_age'],
  [400, `4 errors like: ${OLD}; 4 errors like: ${OLD}`, 'some', 'greater_than_max_sample_age'],
  [400, `8 errors like: ${OLD}; 1 errors like: ${OLD}`, 'all', 'greater_than_max_sample_age'],
  [400, `entry for stream '${STREAM}' has timestamp too new: 2027-01-01T00:00:00Z`, 'some', 'too_far_in_future'],
  [
    400,
    `max entry size '262144' bytes exceeded for stream '${STREAM}' while adding an entry with length '262145' bytes`,
    'some',
    'line_too_long',
  ],
  [400, BEHIND(2, 9), 'some', 'too_far_behind'],
  [400, BEHIND(9, 9), 'all', 'too_far_behind'],
  [400, BEHIND(8, 8), 'some', 'too_far_behind'],
  [
    400,
    `stream '${STREAM}' has structured metadata too large: '70000' bytes, limit: '65536' bytes. Please see`,
    'mend',
    'structured_metadata_too_large',
  ],
  [
    400,
    `9 errors like: stream '${STREAM}' has too many structured metadata labels: '129', limit: '128'. Please see`,
    'mend',
    'structured_metadata_too_many',
  ],
  [
    400,
    `stream '${STREAM}' includes structured metadata, but this feature is disallowed. Please see`,
    'mend',
    'disallowed_structured_metadata',
  ],
  [400, `entry for stream '${STREAM}' has 16 label names; limit 15`, 'all', 'max_label_names_per_series'],
  [400, `stream '${STREAM}' has label name too long: 'x'`, 'all', 'label_name_too_long'],
  [400, `stream '${STREAM}' has label value too long: 'x'`, 'all', 'label_value_too_long'],
  [400, `stream '${STREAM}' has duplicate label name: 'x'`, 'all', 'duplicate_label_names'],
  [400, 'error at least one label pair is required per stream', 'all', 'missing_labels'],
  [
    400,
    `missing required labels 'env' for user 'fake' for stream '${STREAM}' (policy: '')`,
    'all',
    'missing_enforced_labels',
  ],
  [400, `couldn't parse labels: 1:2: parse error: unexpected "-" in label set`, 'all', 'invalid_labels'],
  [400, `error parsing labels '${STREAM}' with error: parse error`, 'all', 'invalid_labels'],
  [400, 'unexpected EOF', 'whole', 'bad_request'],
  [400, 'snappy: corrupt input', 'whole', 'bad_request'],
  [400, 'mime: no media type', 'whole', 'bad_request'],
  [400, '<html>Bad Request</html>', 'whole', 'bad_request'],
  [400, 'compressed message size 200000000 exceeds limit 104857600', 'whole', 'too_large'],
  [400, 'decompressed message size too large than max (10 vs 5)', 'whole', 'too_large'],
  [401, 'no org id', 'fail'],
  [403, '', 'fail'],
  [404, 'page not found', 'fail'],
  [405, '', 'fail'],
  [408, '', 'retry'],
  [413, 'request body too large: message size too large than max (6 vs 5)', 'whole', 'too_large'],
  [413, '<html>Request Entity Too Large</html>', 'whole', 'too_large'],
  [422, 'error at least one valid stream is required for ingestion', 'whole', 'bad_request'],
  [429, '', 'retry'],
  [429, RATE(4_194_304, 1_000_000), 'retry'],
  [429, RATE(1_000, 2_000), 'whole', 'rate_limited'],
  [
    429,
    `entry with timestamp 2026-01-15 06:00:00 +0000 UTC ignored, reason: 'Per stream rate limit exceeded (limit: 3MB/sec) while attempting to ingest for stream '${STREAM}' totaling 4MB, consider splitting a stream',\nuser 'fake', total ignored: 9 out of 9 for stream: ${STREAM}`,
    'retry',
  ],
  [
    429,
    `maximum active stream limit exceeded when trying to create stream ${STREAM}, reduce the number of active streams`,
    'fail',
  ],
  [
    500,
    'rpc error: code = ResourceExhausted desc = grpc: received message larger than max (5000000 vs. 4194304)',
    'whole',
    'too_large',
  ],
  [500, 'label name is empty', 'mend', 'invalid_structured_metadata'],
  [500, 'normalization for label name "-" resulted in invalid name "_"', 'mend', 'invalid_structured_metadata'],
  [500, 'rpc error: code = Unknown desc = Ingester is shutting down', 'retry'],
  [500, 'empty ring', 'retry'],
  [500, 'at least 1 live replicas required, could only find 0 - unhealthy instances: 127.0.0.1:9095', 'retry'],
  [500, 'context deadline exceeded', 'retry'],
  [502, '', 'retry'],
  [503, 'circuit breaker open, request denied', 'retry'],
  [504, '', 'retry'],
];

describe('What Loki said', () => {
  for (const [status, text, kind, reason] of TABLE)
    it(`${status} ${text.slice(0, 90)} means ${kind}${reason ? ` (${reason})` : ''}`, () => {
      const verdict = verdictOf({ status, text, retryAfter: undefined }, 9);
      expect(verdict).to.deep.equal(reason ? { kind, reason } : { kind });
    });

  it('does not split a single entry for being over the rate', () => {
    expect(verdictOf({ status: 429, text: RATE(1, 2), retryAfter: undefined }, 1)).to.deep.equal({ kind: 'retry' });
  });

  for (const code of ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND', 'EPIPE'])
    it(`takes ${code} for something that passes`, () => {
      expect(verdictOf({ code, stale: false }, 9)).to.deep.equal({ kind: 'retry' });
    });

  for (const code of [
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'CERT_HAS_EXPIRED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'EPROTO',
    'HPE_INVALID_CONSTANT',
    'ERR_INVALID_CHAR',
  ])
    it(`takes ${code} for something that does not pass`, () => {
      expect(verdictOf({ code, stale: false }, 9)).to.deep.equal({ kind: 'fail' });
    });
});
