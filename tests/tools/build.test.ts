import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { unzipSync } from 'fflate';
import { LogGroupModule } from '../../modules/log-group/index.ts';
import { newModuleApp } from '../../modules/module-stack.ts';
import { ShipperModule } from '../../modules/shipper/index.ts';
import { moduleReadme, moduleTables } from '../../tools/build-readme.ts';
import { zip } from '../../tools/build-zip.ts';
import { bundleFunction } from '../../tools/bundle.ts';

describe('The bundle', function () {
  this.timeout(60_000);
  let files: ReadonlyMap<string, string>;

  before(async () => {
    const decoder = new TextDecoder();
    files = new Map(Array.from((await bundleFunction()).files, ([name, bytes]) => [name, decoder.decode(bytes)]));
  });

  /** A file and all that it imports when it starts. */
  function startOf(name: string, found = new Set<string>()): Set<string> {
    if (found.has(name)) return found;
    found.add(name);
    for (const [, other = ''] of (files.get(name) ?? '').matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g))
      startOf(other, found);
    return found;
  }

  it('has the handlers of both functions, as ES modules', () => {
    for (const name of ['shipper.mjs', 'registrar.mjs']) expect(files.get(name)).to.match(/export\s*{[^}]*\bhandler\b/);
    for (const name of files.keys()) expect(name).to.match(/^[\w-]+\.mjs$/);
  });

  it('is loaded by Node alone, every file of it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'loki-shipper-'));
    try {
      for (const [name, code] of files) writeFileSync(join(folder, name), code);
      const script = `await Promise.all(${JSON.stringify([...files.keys()])}.map((name) => import('${folder}/' + name)));`;
      const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
        encoding: 'utf8',
      });
      expect(status, stderr).to.equal(0);
      for (const [name, code] of files) expect(code, name).not.to.contain('Dynamic require');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('starts without the SDK of AWS, which is read when it is called', () => {
    for (const name of ['shipper.mjs', 'registrar.mjs'])
      for (const file of startOf(name)) expect(files.get(file), file).not.to.contain('@aws-sdk');
    expect([...files.values()].some((code) => code.includes('ListTagsForResource'))).to.equal(true);
  });

  it('has the signer of the first request in a small file that imports no other', () => {
    const signer = files.get('signed-get.mjs') ?? '';
    expect(signer).to.include('AWS4-HMAC-SHA256');
    expect(signer).not.to.match(/["']\.\//);
    expect(signer.length).to.be.below(20_000);
    expect([...startOf('shipper.mjs')].map((name) => files.get(name)).join()).to.include('import("./signed-get.mjs")');
  });

  it('holds no path of the machine that built it', () => {
    for (const [name, code] of files) expect(code.includes(process.cwd()), name).to.equal(false);
  });
});

describe('The zip', () => {
  const text = (value: string) => new TextEncoder().encode(value);
  const files = new Map([
    ['b.mjs', text('export {};'.repeat(100))],
    ['a.mjs', text('')],
    ['ü.mjs', text('ü')],
  ]);

  it('holds the files as they are, by name', () => {
    const unzipped = unzipSync(zip(files));
    expect(Object.keys(unzipped)).to.deep.equal(['a.mjs', 'b.mjs', 'ü.mjs']);
    for (const [name, bytes] of files) expect(Buffer.from(unzipped[name] ?? []).equals(bytes)).to.equal(true);
  });

  it('lets Lambda read them', () => {
    for (const entry of directoryOf(zip(files))) {
      expect(entry.madeOn, entry.name).to.equal(3); // Unix: else nobody looks at the mode
      expect(entry.mode.toString(8), entry.name).to.equal('100644');
    }
  });

  it('has the same bytes whatever the order of the files, the time and the time zone', () => {
    const zone = process.env.TZ;
    try {
      const zips = ['UTC', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Kiritimati'].map((name) => {
        process.env.TZ = name;
        return Buffer.from(zip(new Map([...files].reverse()))).toString('hex');
      });
      expect(new Set(zips).size).to.equal(1);
      expect(zips[0]).to.equal(Buffer.from(zip(files)).toString('hex'));
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });
});

describe('The tables of the README', () => {
  const module = new ShipperModule(newModuleApp()).toModule();

  it('have a row for each input and output, without breaking at a bar', () => {
    const rows = moduleTables(module).split('\n');
    for (const name of Object.keys(module.variable))
      expect(rows.filter((row) => row.startsWith(`| \`${name}\` |`))).to.have.length.within(1, 2);
    for (const name of Object.keys(module.output))
      expect(rows.filter((row) => row.startsWith(`| \`${name}\` |`))).to.have.length.within(1, 2);
    const columns = rows.filter((row) => row.startsWith('|')).map((row) => row.split(/(?<!\\)\|/).length - 2);
    expect(new Set(columns)).to.deep.equal(new Set([2, 4]));
  });

  it('say which input is required, and the default of every other', () => {
    const tables = moduleTables(module);
    expect(moduleTables(new LogGroupModule(newModuleApp()).toModule())).to.match(/^\| `name` \|.*\| required \|$/m);
    expect(tables).to.match(/^\| `loki_url` \|.*\| `string` \| `null` \|$/m);
    expect(tables).to.match(/^\| `name` \|.*\| `string` \| `"loki-shipper"` \|$/m);
    expect(tables).to.match(/^\| `force_destroy` \|.*\| `bool` \| `false` \|$/m);
  });

  it('are part of the README of the module', () => {
    expect(moduleReadme(module)).to.contain(moduleTables(module));
  });
});

/** The entries of a zip's central directory (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.12). */
function directoryOf(bytes: Uint8Array): { name: string; madeOn: number; mode: number }[] {
  const zipped = Buffer.from(bytes);
  const entries = [];
  const end = zipped.lastIndexOf(Buffer.from('PK\x05\x06'));
  let at = zipped.readUInt32LE(end + 16);
  for (let count = zipped.readUInt16LE(end + 10); count > 0; count--) {
    const lengths = [28, 30, 32].map((offset) => zipped.readUInt16LE(at + offset));
    entries.push({
      name: zipped.toString('utf8', at + 46, at + 46 + (lengths[0] ?? 0)),
      madeOn: zipped.readUInt8(at + 5),
      mode: zipped.readUInt32LE(at + 38) >>> 16,
    });
    at += 46 + lengths.reduce((sum, length) => sum + length, 0);
  }
  return entries;
}
