/**
 * The parts of the local stack and their versions. Their checksums stand beside: `ministack/requirements.txt` has the
 * SHA-256 of every Python package, `loki/go.sum` that of every Go module.
 */
export const VERSIONS = {
  /** MiniStack's own minimum is 3.10; from 3.11 on it needs no backports. */
  python: { least: '3.11' },
  ministack: '1.5.33',
  loki: '3.7.6',
  /** The least that the module works with. */
  terraform: { least: '1.9.0' },
  grafana: 'grafana/grafana:13.2.0@sha256:3fd54ae1214669f8355f065ec9f6445d5279a3d77095ab048ca045685272429b',
} as const;

/** Compares dotted versions by their numbers: `isAtLeast('1.10.2', '1.9.0')`. */
export function isAtLeast(version: string, least: string): boolean {
  const numbers = version.split('.').map((part) => Number.parseInt(part, 10));
  for (const [i, part] of least.split('.').entries()) {
    const difference = (numbers[i] ?? 0) - Number(part);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
