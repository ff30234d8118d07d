import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Values of templates: those of Terraform's `local.host_values`. */
export type TemplateValues = Readonly<Record<string, string | number>>;

const TEMPLATE = '.tftpl';

/**
 * Renders a template as Terraform's `templatefile` does, of which it knows the plain `${name}` and the escapes `$${` and
 * `%%{` only.
 *
 * @throws Error for a name without a value, and for anything else that `templatefile` would take for its own
 */
export function renderTemplate(text: string, values: TemplateValues): string {
  return text.replace(/\$\$\{|%%\{|%\{|\$\{([^}]*)\}?/g, (found, name: string | undefined) => {
    if (found === '$${' || found === '%%{') return found.slice(1);
    if (name === undefined) throw new Error('The template has a directive (%{…}); only ${name} is supported.');
    if (!/^\w+$/.test(name)) throw new Error(`The template has the expression ${found}; only \${name} is supported.`);
    if (!Object.hasOwn(values, name)) throw new Error(`The template asks for ${name}, which has no value.`);
    return String(values[name]);
  });
}

/**
 * The files of a host as the bucket holds them under `host/`: templates are rendered and lose their suffix.
 *
 * @param folder `modules/loki/host`, or what was built of it
 * @returns path → content
 */
export function renderHostFiles(folder: string, values: TemplateValues): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const path of pathsBelow(folder)) {
    const content = readFileSync(join(folder, path));
    if (!path.endsWith(TEMPLATE)) files.set(path, content);
    else files.set(path.slice(0, -TEMPLATE.length), Buffer.from(renderTemplate(content.toString(), values)));
  }
  return files;
}

function pathsBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(join(folder, '/').length))
    .sort();
}

/** `manifest.sha256`, which the bucket has besides: as `sha256sum --check` reads it. */
export function manifestOf(files: ReadonlyMap<string, Buffer>): string {
  return Array.from(files, ([path, content]) => `${createHash('sha256').update(content).digest('hex')}  ${path}\n`)
    .sort()
    .join('');
}
