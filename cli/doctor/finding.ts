/** What was looked at. */
export type Check =
  | 'registrar'
  | 'shipper'
  | 'functions'
  | 'filters'
  | 'loki'
  | 'tags'
  | 'bucket'
  | 'catalogue'
  | 'clock'
  | 'limits'
  | 'retention'
  | 'probe';

/** What `doctor --json` says of each thing that it looked at. */
export interface Finding {
  readonly check: Check;
  /** `skipped`: it could not be looked at, for example for want of a permission. */
  readonly level: 'ok' | 'skipped' | 'warning' | 'problem';
  /** What is, in one sentence or more. */
  readonly finding: string;
  /** What to do about it; null where nothing is to be done. */
  readonly advice: string | null;
}

export function ok(check: Check, finding: string): Finding {
  return { check, level: 'ok', finding, advice: null };
}

export function skipped(check: Check, finding: string, advice: string | null = null): Finding {
  return { check, level: 'skipped', finding, advice };
}

export function warning(check: Check, finding: string, advice: string): Finding {
  return { check, level: 'warning', finding, advice };
}

export function problem(check: Check, finding: string, advice: string): Finding {
  return { check, level: 'problem', finding, advice };
}

/** Whether somebody has something to do. */
export function isBad({ level }: Finding): boolean {
  return level === 'warning' || level === 'problem';
}
