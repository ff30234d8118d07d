import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { FOLDERS } from '../../main.ts';

describe('What is published', function () {
  this.timeout(30_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'loki-shipper-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('is synthesized by the command of cdktf.json to the folder that cdktf asks for', () => {
    const { app } = JSON.parse(readFileSync('cdktf.json', 'utf8'));
    const { status, stderr } = spawnSync(app, {
      shell: true,
      encoding: 'utf8',
      env: { ...process.env, CDKTF_OUTDIR: folder },
    });
    expect(status, stderr).to.equal(0);

    const { stacks } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    expect(Object.keys(stacks)).to.have.members(['loki-shipper', 'log-group', 'loki']);
    for (const [stack, published] of [
      ['loki-shipper', FOLDERS.shipper],
      ['log-group', FOLDERS.logGroup],
      ['loki', FOLDERS.loki],
    ] as const) {
      const { '//': comment, ...synthesized } = JSON.parse(
        readFileSync(join(folder, stacks[stack].synthesizedStackPath), 'utf8'),
      );
      expect(comment).to.have.nested.property('metadata.stackName', stack); // cdktf fails without it
      expect(synthesized).to.deep.equal(JSON.parse(readFileSync(`dist/${published}/main.tf.json`, 'utf8')));
    }
  });
});
