import type { BundledPackage } from './bundled-packages.ts';

/**
 * THIRD_PARTY_LICENSES.md: which packages a release has code of, and their licences, each text once.
 *
 * @param parts file of the release → the packages in it
 * @param apache the text of the Apache License 2.0, for packages that name it and bring no file
 */
export function thirdPartyLicenses(parts: Readonly<Record<string, readonly BundledPackage[]>>, apache: string): string {
  const packages = new Map(
    Object.values(parts)
      .flat()
      .map((bundled) => [bundled.name, bundled]),
  );
  const names = [...packages.keys()].sort();
  const holders = new Map<string, string[]>();
  for (const name of names)
    for (const text of textsOf(packages.get(name) as BundledPackage, apache.trim()))
      holders.set(text, [...(holders.get(text) ?? []), name]);

  return `# Licences of third parties

loki-shipper is licensed under the Apache License 2.0: see LICENSE. Its releases have code of the packages below in them.
sbom.cdx.json describes those in function.zip, with checksums.

| Package | Version | Licence | In |
| --- | --- | --- | --- |
${names.map((name) => row(packages.get(name) as BundledPackage, parts)).join('')}
The command line holds, besides, all of function.zip, for \`loki-shipper demo\`.
${Array.from(holders, ([text, of]) => section(text, of)).join('')}`;
}

function row({ name, version, license }: BundledPackage, parts: Readonly<Record<string, readonly BundledPackage[]>>) {
  const files = Object.keys(parts).filter((file) => parts[file]?.some((bundled) => bundled.name === name));
  return `| ${name} | ${version} | ${license} | ${files.join(', ')} |\n`;
}

function section(text: string, names: readonly string[]): string {
  return `
## ${names.join(', ')}

\`\`\`text
${text}
\`\`\`
`;
}

function textsOf({ name, license, texts }: BundledPackage, apache: string): readonly string[] {
  if (texts.length > 0) return texts;
  if (license !== 'Apache-2.0') throw new Error(`${name} brings no text of its licence, ${license}.`);
  return [apache];
}
