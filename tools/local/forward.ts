import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { type Reply, read } from './reply.ts';

/**
 * Passes a request on to a port of this machine with its headers, of which the signature covers the Host, and as if it
 * had come over TLS, which it would to AWS: bucket policies ask for it.
 */
export function forward(
  port: number,
  { method, url: path, headers }: IncomingMessage,
  body: Buffer,
  more: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method, path, agent: false };
    // The body may be another one than came.
    const length = headers['content-length'] && { 'content-length': String(body.length) };
    const upstream = request({ ...options, headers: { ...headers, ...length, ...more, 'x-forwarded-proto': 'https' } });
    upstream.once('error', reject);
    upstream.once('response', (response) => {
      const status = response.statusCode ?? 502;
      read(response).then(
        (content) => resolve({ status, headers: framed(response.headers, method), body: content }),
        reject,
      );
    });
    upstream.end(body);
  });
}

/** The body is sent whole, so its framing is ours; of a HEAD, which has none, the length is the answer. */
function framed(headers: IncomingHttpHeaders, method: string | undefined): IncomingHttpHeaders {
  const { 'transfer-encoding': _, 'content-length': length, connection: __, ...rest } = headers;
  return method === 'HEAD' && length ? { ...rest, 'content-length': length } : rest;
}
