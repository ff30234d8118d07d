import type { Objects } from '../../function/aws/objects.ts';

/** A bucket in memory: the fake of S3 where a test needs no HTTP. */
export class Bucket implements Objects {
  readonly content = new Map<string, Buffer>();

  async put(key: string, body: Buffer): Promise<void> {
    this.content.set(key, body);
  }

  async get(key: string): Promise<Buffer | undefined> {
    return this.content.get(key);
  }

  async remove(key: string): Promise<void> {
    this.content.delete(key);
  }

  async list(prefix: string, after = '') {
    const keys = [...this.content.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const objects = keys.slice(0, 1_000).map((key) => ({ key, size: this.content.get(key)?.length ?? 0 }));
    return { objects, more: keys.length > objects.length };
  }
}
