import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** An HTTP answer that is sent whole. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export function jsonReply(content: object): Reply {
  return reply(200, {}, JSON.stringify(content));
}

/** An error as a service answers it: S3 in XML, the others in JSON. */
export function errorReply(service: string, status: number, code: string, message: string): Reply {
  if (service === 's3') {
    const body = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
    return { status, headers: { 'content-type': 'application/xml' }, body: Buffer.from(body) };
  }
  return reply(status, { 'x-amzn-errortype': code }, JSON.stringify({ __type: code, message }));
}

function reply(status: number, headers: IncomingHttpHeaders, body: string): Reply {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.1', ...headers }, body: Buffer.from(body) };
}

export async function read(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part);
  return Buffer.concat(parts);
}
