import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { manifestOf, renderHostFiles, renderTemplate } from '../../tools/host-files.ts';
import { runFolder } from '../../tools/local/folders.ts';

describe('Templates of the host', () => {
  it('get strings and numbers, as often as they ask', () => {
    expect(renderTemplate('a: ${x}, b: ${n}, c: ${x}\n', { x: 'y', n: 3 })).to.equal('a: y, b: 3, c: y\n');
  });

  it('do not read a value as a template', () => {
    expect(renderTemplate('${x}', { x: '${y} $$ $&' })).to.equal('${y} $$ $&');
  });

  it('keep what is escaped, and dollars and percent signs that stand alone', () => {
    expect(renderTemplate('$${HOME} %%{if} $1 $$ 5% $HOME', {})).to.equal('${HOME} %{if} $1 $$ 5% $HOME');
  });

  it('are refused when they ask for a value that is not there', () => {
    expect(() => renderTemplate('${y}', { x: 1 })).to.throw('asks for y');
    expect(() => renderTemplate('${constructor}', {})).to.throw('asks for constructor');
  });

  it('are refused with a directive or an expression', () => {
    expect(() => renderTemplate('%{ if x }a%{ endif }', { x: 1 })).to.throw('directive');
    for (const expression of ['${upper(x)}', '${ x }', '${x.y}', '${}', '${x'.concat('\n'), '${~x}'])
      expect(() => renderTemplate(expression, { x: 1 }), expression).to.throw('only ${name} is supported');
  });
});

describe('Files of the host', () => {
  let folder: string;
  beforeEach(() => {
    folder = runFolder();
    const files = { 'bin/apply': 'echo ${x}\n', 'host.env.tftpl': 'X=${x}\n', 'a/b/c.json': '{}' };
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are rendered where they are templates, and copied where they are not', () => {
    const files = renderHostFiles(folder, { x: 'y' });
    expect([...files.keys()]).to.have.members(['bin/apply', 'host.env', 'a/b/c.json']);
    expect(files.get('bin/apply')?.toString()).to.equal('echo ${x}\n');
    expect(files.get('host.env')?.toString()).to.equal('X=y\n');
  });

  it('have a manifest that sha256sum reads', () => {
    const files = renderHostFiles(folder, { x: 'y' });
    for (const [path, content] of files.set('manifest.sha256', Buffer.from(manifestOf(files))))
      writeFileSync(join(folder, path), content);
    const { stdout, status } = spawnSync('sha256sum', ['--check', 'manifest.sha256'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(status).to.equal(0);
    expect(stdout.trim().split('\n').sort()).to.deep.equal(['a/b/c.json: OK', 'bin/apply: OK', 'host.env: OK']);
  });
});
