import { expect } from 'chai';
import { onPath, startProgram } from '../../cli/run-program.ts';

describe('A program', () => {
  const node = (code: string, options: Parameters<typeof startProgram>[2] = {}) =>
    startProgram(process.execPath, ['-e', code], options).result;

  it('gives what it prints and how it ends', async () => {
    expect(await node('console.log("out"); console.error("err"); process.exitCode = 3')).to.deep.equal({
      status: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('gives its lines while it runs, each whole', async () => {
    const lines: string[] = [];
    await node('process.stdout.write("on"); setTimeout(() => process.stdout.write("e\\ntwo\\n"), 50)', {
      onLine: (line) => lines.push(line),
    });
    expect(lines).to.deep.equal(['one', 'two']);
  });

  it('is asked to end, and ends in its own way', async () => {
    const abort = new AbortController();
    const code =
      'process.on("SIGINT", () => { console.log("tidy"); process.exit(7) }); console.log("here"); setInterval(() => {}, 1e3)';
    const result = await node(code, { signal: abort.signal, onLine: () => abort.abort() });
    expect(result).to.deep.include({ status: 7, stdout: 'here\ntidy\n' });
  });

  it('that is not there rejects', async () => {
    const error = await startProgram('/not/there', []).result.then(
      () => undefined,
      (error) => error,
    );
    expect(error).to.include({ code: 'ENOENT' });
  });

  it('is found on the PATH', () => {
    expect(onPath('sh', '/nowhere:/bin')).to.equal('/bin/sh');
    expect(onPath('no-such-program', '/bin')).to.equal(undefined);
    expect(onPath('bin', '/usr')).to.equal(undefined);
  });
});
