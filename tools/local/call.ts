import type { IncomingMessage } from 'node:http';

/** A call that the gateway saw. */
export interface Call {
  /** As in the credential scope: `logs`, `iam`, `lambda`, `tagging` … */
  readonly service: string;
  /** The API action, for example `TagResource`; method and path where the protocol names none. */
  readonly action: string;
  /** Names of the URL's parameters: S3 tells its actions by them. */
  readonly parameters: readonly string[];
  /** Functions call as their role, tests and Terraform as the account's root. */
  readonly principal: Principal;
  /** A session has its own, so that functions can be told apart. */
  readonly accessKey: string;
  /** 0 where the connection was cut instead of an answer. */
  readonly status: number;
}

export type Principal = 'root' | 'role';

/** A call that has no answer yet. */
export type PendingCall = Omit<Call, 'status'>;

/** Who signed a call, and for what: its credential scope; empty texts where it is not signed. */
export function credentialOf({ headers }: IncomingMessage) {
  const credential = /Credential=([^/]+)\/[^/]+\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? '');
  const [, accessKey = '', region = '', service = ''] = credential ?? [];
  return { accessKey, region, service };
}

export function identify(incoming: IncomingMessage, body: Buffer): PendingCall {
  const { headers, method, url = '' } = incoming;
  const { accessKey, service } = credentialOf(incoming);
  const target = String(headers['x-amz-target'] ?? '').split('.')[1];
  const query = /urlencoded/.test(headers['content-type'] ?? '') && /(?:^|&)Action=(\w+)/.exec(body.toString());
  const [path, parameters = ''] = url.split('?');
  const action = target ?? (query ? query[1] : undefined) ?? `${method} ${path}`;
  return {
    service,
    action,
    parameters: [...new URLSearchParams(parameters).keys()],
    accessKey,
    principal: isAccount(accessKey) ? 'root' : 'role',
  };
}

/** Whether an access key is the id of an account: that of its root. */
export function isAccount(accessKey: string): boolean {
  return /^\d{12}$/.test(accessKey);
}
