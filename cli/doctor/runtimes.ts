/** When AWS ends its support: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html, as of November 2026. */
const DEPRECATIONS: Readonly<Record<string, string>> = {
  'nodejs18.x': '2025-09-01',
  'nodejs20.x': '2026-04-30',
  'nodejs22.x': '2027-04-30',
  'nodejs24.x': '2028-04-30',
};

/** The day on which a runtime is deprecated; undefined when none is known. */
export function deprecationOf(runtime: string): string | undefined {
  return Object.hasOwn(DEPRECATIONS, runtime) ? DEPRECATIONS[runtime] : undefined;
}
