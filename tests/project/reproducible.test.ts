import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';

const SOURCES = ['main.ts', 'modules', 'function', 'cli', 'tools', 'examples', 'LICENSE', 'package.json'];

describe('The build', function () {
  this.timeout(300_000);
  const folders: string[] = [];

  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  /** Builds in a fresh copy of the sources. @returns what was written: path → bytes, as base64 */
  function buildElsewhere(TZ: string): Record<string, string> {
    const folder = mkdtempSync(join(tmpdir(), 'loki-shipper-'));
    folders.push(folder);
    for (const source of SOURCES) cpSync(source, join(folder, source), { recursive: true });
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
    const args = ['--import', './tools/typescript.mjs', 'tools/build.ts'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, TZ },
    });
    expect(status, `${stdout}${stderr}`).to.equal(0);
    const paths = readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' });
    return Object.fromEntries(
      paths
        .map((path) => join('dist', path))
        .filter((path) => statSync(join(folder, path)).isFile())
        .map((path) => [path, readFileSync(join(folder, path)).toString('base64')]),
    );
  }

  it('gives the same bytes in two folders and two time zones', () => {
    const first = buildElsewhere('Asia/Kathmandu');
    const second = buildElsewhere('America/St_Johns');
    expect(Object.keys(first)).to.include.members([
      'dist/module/LICENSE',
      'dist/module/README.md',
      'dist/module/function.zip',
      'dist/module/main.tf.json',
      'dist/module/modules/log-group/README.md',
      'dist/module/modules/log-group/main.tf.json',
      'dist/module/modules/loki/README.md',
      'dist/module/modules/loki/host/host.env.tftpl',
      'dist/module/modules/loki/main.tf.json',
      'dist/module/modules/loki/user-data.yaml.tftpl',
    ]);
    expect(Object.keys(first)).to.have.members(Object.keys(second));
    for (const [path, bytes] of Object.entries(first)) expect(second[path] === bytes, path).to.equal(true);
  });
});
