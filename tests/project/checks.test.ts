import { spawnSync } from 'node:child_process';
import { expect } from 'chai';

/** Runs a tool of node_modules; its own words are the failure's message. */
function succeeds(...command: readonly [tool: string, ...args: string[]]): void {
  const [tool, ...args] = command;
  const { status, stdout, stderr } = spawnSync(process.execPath, [`node_modules/${tool}`, ...args], {
    encoding: 'utf8',
  });
  expect(status, `${stdout}${stderr}`).to.equal(0);
}

describe('The sources', function () {
  this.timeout(120_000);

  it('type-check', () => succeeds('typescript/bin/tsc', '--noEmit'));

  it('are formatted and linted', () => succeeds('@biomejs/biome/bin/biome', 'check', '--error-on-warnings'));
});
