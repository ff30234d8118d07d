import type { Config } from '../../function/config.ts';
import { LokiShipperError } from '../../function/errors.ts';
import { type Finding, ok, skipped, warning } from './finding.ts';
import type { DoctorProps } from './props.ts';

/** A limit of Loki, and the module's input that should not be larger. */
interface Limit {
  readonly loki: string;
  readonly input: string;
  /** What the shipper lets through. */
  readonly ours: number;
  readonly parse: (text: string) => number;
}

/**
 * Whether the shipper lets lines through that Loki then refuses: each costs it some pushes, until it is parked. Loki tells
 * its limits under /config only, without those of single tenants.
 */
export async function* checkLimits({ rules }: Config, { loki, signal }: DoctorProps): AsyncGenerator<Finding> {
  const byHand =
    'Compare lines with reject_old_samples_max_age, creation_grace_period and max_line_size in limits_config.';
  if (!loki) {
    yield skipped('limits', "Without LOKI_ADDR, Loki's limits cannot be compared with the module's.", byHand);
    return;
  }
  let text: string | undefined;
  try {
    text = await loki.configuration(signal);
  } catch (error) {
    if (!(error instanceof LokiShipperError)) throw error;
    yield skipped('limits', error.message, byHand);
    return;
  }
  const limits = limitsOf(text ?? '');
  if (!limits) {
    yield skipped('limits', `Loki at ${loki.host} does not tell its limits.`, byHand);
    return;
  }

  const all: readonly Limit[] = [
    { loki: 'reject_old_samples_max_age', input: 'lines.max_age_hours', ours: rules.maxAgeMs, parse: millisecondsOf },
    { loki: 'creation_grace_period', input: 'lines.max_ahead_minutes', ours: rules.maxAheadMs, parse: millisecondsOf },
    { loki: 'max_line_size', input: 'lines.max_bytes', ours: rules.maxBytes, parse: bytesOf },
  ];
  const wrong = all.filter(({ loki: name, ours, parse }) => {
    if (name === 'reject_old_samples_max_age' && limits.get('reject_old_samples') === 'false') return false;
    const theirs = parse(limits.get(name) ?? '');
    return theirs > 0 && ours > theirs; // 0 is no limit.
  });
  for (const { loki: name, input } of wrong)
    yield warning(
      'limits',
      `${input} is more than Loki takes: its ${name} is ${limits.get(name)}.`,
      'Make both equal: what Loki refuses costs pushes, and is parked then.',
    );
  if (wrong.length === 0)
    yield ok('limits', 'Loki takes lines as old, as far ahead and as long as the module lets through.');
}

/** What `limits_config` says; undefined when there is none. */
function limitsOf(configuration: string): ReadonlyMap<string, string> | undefined {
  const [, block] = /^limits_config:\n((?: .*\n|\n)+)/m.exec(configuration) ?? [];
  if (block === undefined) return undefined;
  return new Map(Array.from(block.matchAll(/^ {2}(\w+): (\S+)$/gm), ([, name = '', value = '']) => [name, value]));
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** Of a duration as Loki writes it: `1w`, `10m0s`. */
function millisecondsOf(text: string): number {
  let ms = 0;
  for (const [, count, unit = ''] of text.matchAll(/([\d.]+)(ms|[smhdwy])/g))
    ms += Number(count) * (UNIT_MS[unit] ?? 0);
  return ms;
}

/** Of a size as Loki writes it: `256KB` are 262,144. */
function bytesOf(text: string): number {
  const [, count, unit = ''] = /^([\d.]+)([KMG]?)I?B$/i.exec(text) ?? [];
  return Number(count ?? 0) * 1024 ** ' KMG'.indexOf(unit.toUpperCase() || ' ');
}
