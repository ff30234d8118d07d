import { InvalidArgumentError } from 'commander';

const FACTORS: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2 };

/** Bytes a second, from a number with or without K (1024) or M. */
export function parseRate(text: string): number {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)([KM]?)$/i.exec(text) ?? [];
  const rate = Number(count) * (FACTORS[unit.toUpperCase()] ?? 0);
  if (!(rate >= 1)) throw new InvalidArgumentError('It must be bytes a second, at least 1, as in 500K or 2M.');
  return rate;
}
