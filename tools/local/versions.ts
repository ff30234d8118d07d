/**
 * The parts of the local stack and their versions. Their checksums stand beside: `ministack/requirements.txt` and
 * its like have the SHA-256 of every Python package, `loki/go.sum` that of every Go module.
 */
export const VERSIONS = {
  ministack: '1.5.33',
  moto: '5.2.5',
  /** MiniStack's own minimum, and moto's. */
  python: { least: '3.10' },
  loki: '3.7.6',
  /** The first that fetches the Go that a module asks for. */
  go: { least: '1.21' },
  /** The least that the module works with. */
  terraform: { least: '1.9.0' },
  /** The least that the module works with, of hashicorp/aws. */
  provider: { least: '5.100.0' },
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
