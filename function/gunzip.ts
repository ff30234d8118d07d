import { constants, gunzipSync } from 'node:zlib';

/** Deflate makes at most 1032 bytes of one: https://zlib.net/zlib_tech.html */
const MOST_EXPANSION = 1032;

/** What the last four bytes of gzip say about the length of the content, as far as it can be true. */
export function unpackedLength(gzip: Buffer): number {
  return gzip.length < 4 ? 0 : Math.min(gzip.readUInt32LE(gzip.length - 4), gzip.length * MOST_EXPANSION);
}

/**
 * Unpacks all of it at once.
 * @throws zlib's error, with the code ERR_BUFFER_TOO_LARGE where the content has more than `maxBytes`
 */
export function gunzip(gzip: Buffer, maxBytes: number): Buffer {
  // Room for all of it at once halves the cost of unpacking.
  const chunkSize = Math.min(Math.max(unpackedLength(gzip) + 1, constants.Z_DEFAULT_CHUNK), maxBytes);
  return gunzipSync(gzip, { chunkSize, maxOutputLength: maxBytes });
}
