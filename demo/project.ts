import { cpSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Project } from '../cli/demo/project.ts';
import type { Stack } from '../tools/local/stack.ts';

/** `examples/demo` as a user has it, on the emulated AWS: a file beside it overrides nothing but the provider's endpoints. */
export function projectOn(stack: Stack): Project {
  const folder = join(stack.folder, 'examples', 'demo');
  cpSync('examples/demo', folder, { recursive: true, filter: (file) => !file.includes('.terraform') });
  symlinkSync(resolve('dist'), join(stack.folder, 'dist'));
  writeFileSync(join(folder, 'provider_override.tf.json'), JSON.stringify({ provider: { aws: stack.provider } }));
  writeFileSync(join(folder, 'demo.auto.tfvars.json'), JSON.stringify({ loki_url: stack.loki.url }));
  return new Project(folder, (args, onLine) => stack.terraform.run(args, { cwd: folder, ...(onLine && { onLine }) }));
}
