/**
 * A piece of Terraform's expression language, without the `${…}` around it. It may be written over many lines:
 * it comes out as one. Backslashes are Terraform's, except in `\${`, which is Terraform's `${`.
 */
export function hcl(strings: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return String.raw(strings, ...values)
    .replaceAll('\\${', '${')
    .replace(/\s*\n\s*/g, ' ')
    .trim();
}

/** The same as a value of an argument: `${…}`. */
export function expression(code: string): string {
  return `\${${code}}`;
}
