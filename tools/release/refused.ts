/** Why there is no release: one sentence for who asked for one. Nothing has changed. */
export class ReleaseRefused extends Error {
  override name = 'ReleaseRefused' as const;
}
