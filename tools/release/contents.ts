import { CLI } from '../bundle.ts';

/** What the README of a release says besides that of the module: what else there is. */
export function contentsText(examples: readonly string[], repository: string): string {
  return `
## In this release

- [examples](examples): ${examples.map((name) => `[${name}](examples/${name})`).join(', ')}
- [bin/${CLI}](bin/${CLI}): the command line, for Node.js 20 or newer; \`terraform init\` puts it to \`.terraform/modules/<name of the call>/bin/\`
- [CHANGELOG.md](CHANGELOG.md): what is new
- [sbom.cdx.json](sbom.cdx.json): what \`function.zip\` is made of, as CycloneDX 1.6; [THIRD_PARTY_LICENSES.md](THIRD_PARTY_LICENSES.md): the licences of it, and of the command line

Sources and documents are on the branch \`main\` of ${repository}, the runbook \`docs/operations.md\` among them.
`;
}
