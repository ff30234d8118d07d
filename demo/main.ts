import { MissingPart } from '../tools/local/missing-part.ts';
import { parseOptions } from './options.ts';
import { runDemo } from './run.ts';

const args = process.argv.slice(2);
try {
  const options = parseOptions(args);
  const result = await runDemo(options);
  if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = result.ok ? 0 : 1;
} catch (error) {
  // Whoever runs a demo needs the sentence, not where in our code it was said.
  const words = error instanceof MissingPart ? `Something is missing: ${error.message}` : String(error);
  console.error(words);
  if (args.includes('--json')) process.stdout.write(`${JSON.stringify({ ok: false, error: words })}\n`);
  process.exitCode = 1;
}
