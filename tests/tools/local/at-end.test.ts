import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { eventually } from '../../support/eventually.ts';
import { isRunning } from './is-running.ts';

describe('A program that uses the local stack', function () {
  this.timeout(20_000);

  for (const signal of [undefined, 'SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    it(`leaves no process and no folder when it ends by ${signal ?? 'an error that nobody catches'}`, async () => {
      const args = ['--import', './tools/typescript.mjs', 'tests/tools/local/user-of-the-stack.ts'];
      const program = spawn(process.execPath, signal ? args : [...args, 'fail'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const ended = once(program, 'exit');
      const [said] = await once(program.stdout, 'data');
      const { folder, pid } = JSON.parse(said);
      if (signal) program.kill(signal);
      const [status] = await ended;
      expect(status).to.be.greaterThan(0);
      expect(existsSync(folder)).to.equal(false);
      await eventually('the end of what it started', async () => !isRunning(pid));
    });
});
