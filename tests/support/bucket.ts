import { createHash } from 'node:crypto';
import type { Objects } from '../../function/aws/objects.ts';

/** A bucket in memory: the fake of S3 where a test needs no HTTP. */
export class Bucket implements Objects {
  readonly content = new Map<string, Buffer>();

  async put(key: string, body: Buffer): Promise<void> {
    this.content.set(key, body);
  }

  async putIf(expected: string | null, key: string, body: Buffer): Promise<boolean> {
    const known = this.content.get(key);
    if ((known ? etagOf(known) : null) !== expected) return false;
    this.content.set(key, body);
    return true;
  }

  async get(key: string): Promise<Buffer | undefined> {
    return this.content.get(key);
  }

  async getVersion(key: string) {
    const body = this.content.get(key);
    return body && { body, etag: etagOf(body) };
  }

  async remove(key: string): Promise<void> {
    this.content.delete(key);
  }

  async list(prefix: string, after = '') {
    const keys = [...this.content.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const objects = keys.slice(0, 1_000).map((key) => {
      const body = this.content.get(key) ?? Buffer.alloc(0);
      return { key, size: body.length, etag: etagOf(body) };
    });
    return { objects, more: keys.length > objects.length };
  }
}

/** Of S3, for what is neither encrypted with a key of its own nor uploaded in parts. */
export function etagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}
