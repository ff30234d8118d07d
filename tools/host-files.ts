/** Values of a template: those of `local.host_values`. */
export type TemplateValues = Readonly<Record<string, string | number>>;

/**
 * What Terraform's `templatefile` makes of a template of the host, which has nothing but `\${name}` and `$\${`.
 *
 * @throws Error that names what has no value, or is a directive
 */
export function renderTemplate(template: string, values: TemplateValues): string {
  return template.replace(/\$\$\{|%\{|\$\{([^}]*)\}/g, (found, name: string | undefined) => {
    if (found === '$${') return '${';
    const value = name === undefined ? undefined : values[name.trim()];
    if (value === undefined) throw new Error(`The template has ${found}, of which there is no value.`);
    return String(value);
  });
}
