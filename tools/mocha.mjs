// Runs the tests. Without arguments: all of them. `--unit`: those of the functions, the command line and the module, which need nothing but Node. Other arguments go to mocha.
import { spawn } from 'node:child_process';

const inFolder = (folder) => `tests/${folder}/**/*.test.ts`;
const UNIT = ['function', 'cli', 'modules'].map(inFolder);
// What takes longest begins.
const REAL = ['e2e', 'consumers', 'docs', 'reviews', 'release', 'terraform', 'nothing-lost', 'host', 'project'];
const ALL = [...[...REAL, 'tools', 'demo'].map(inFolder), ...UNIT];
// Two files at a time: on two cores that halves the time, as much of it is waiting for real parts.
const SIDE_BY_SIDE = ['--require', './tests/support/parts-first.ts', '--parallel', '--jobs', '2'];

const args = process.argv.slice(2);
const unit = args[0] === '--unit';
const rest = unit ? args.slice(1) : args;
const specs = rest.some((arg) => arg.endsWith('.test.ts')) ? [] : unit ? UNIT : ALL;

const mocha = spawn(
  process.execPath,
  [
    '--import',
    './tools/typescript.mjs',
    'node_modules/mocha/bin/mocha.js',
    '--reporter',
    './tools/reporter.cjs',
    // Of tests that do not say their own. Mocha's two seconds are too few for a property on a busy machine.
    '--timeout',
    '10000',
    ...(specs === ALL ? SIDE_BY_SIDE : []),
    ...rest,
    ...specs,
  ],
  { stdio: 'inherit' },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => mocha.kill(signal));
mocha.on('exit', (code) => process.exit(code ?? 1));
