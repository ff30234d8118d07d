import type { LineRules } from './delivery/rules.ts';
import { LokiShipperError } from './errors.ts';
import { isObject, parseJson } from './json.ts';
import { type LabelPolicy, parseLabelPolicy } from './labels/policy.ts';

/** The settings of the shipper. */
export interface Config {
  /** Base URL, without a slash at the end. */
  readonly lokiUrl: string;
  readonly labels: LabelPolicy & { readonly refreshSeconds: number };
  readonly secrets: SecretArns;
  readonly rules: LineRules;
  /** How many pushes of a delivery may be under way at a time. */
  readonly parallelPushes: number;
  /** The bucket that keeps what Loki refuses. */
  readonly bucket: string;
  /** The log groups of the module's own functions, which are never shipped: each line would make another. */
  readonly ownLogGroups: ReadonlySet<string>;
}

/** ARNs of Secrets Manager secrets or SSM parameters. */
export interface SecretArns {
  readonly basicAuth?: string;
  readonly bearerToken?: string;
  readonly tenant?: string;
}

/** The environment variables that are read, and no others. The module writes exactly these. */
export const SETTINGS = [
  'LOKI_URL',
  'LABEL_POLICY',
  'LOKI_BASIC_AUTH_ARN',
  'LOKI_BEARER_TOKEN_ARN',
  'LOKI_TENANT_ARN',
  'LINE_RULES',
  'PARALLEL_PUSHES',
  'BUCKET',
  'OWN_LOG_GROUPS',
] as const;

export class InvalidConfig extends LokiShipperError {
  override readonly name = 'InvalidConfig';
  constructor(problems: readonly string[]) {
    super(`The shipper is not set up right: ${problems.join(' ')}`);
  }
}

/**
 * Reads all settings at once.
 * @throws InvalidConfig with everything that is wrong, never with a value that may be secret
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const config = {
    lokiUrl: lokiUrl(env.LOKI_URL, problems),
    labels: labelPolicy(env.LABEL_POLICY, problems),
    secrets: {
      ...secret('basicAuth', 'LOKI_BASIC_AUTH_ARN', env, problems),
      ...secret('bearerToken', 'LOKI_BEARER_TOKEN_ARN', env, problems),
      ...secret('tenant', 'LOKI_TENANT_ARN', env, problems),
    },
    rules: lineRules(env.LINE_RULES, problems),
    parallelPushes: parallelPushes(env.PARALLEL_PUSHES, problems),
    bucket: env.BUCKET ?? '',
    ownLogGroups: ownLogGroups(env.OWN_LOG_GROUPS, problems),
  };
  if (!config.bucket) problems.push('BUCKET is missing.');
  if (env.LOKI_BASIC_AUTH_ARN && env.LOKI_BEARER_TOKEN_ARN)
    problems.push('LOKI_BASIC_AUTH_ARN and LOKI_BEARER_TOKEN_ARN exclude each other.');
  if (problems.length > 0) throw new InvalidConfig(problems);
  return config;
}

function lokiUrl(value: string | undefined, problems: string[]): string {
  if (!value) {
    problems.push('LOKI_URL is missing.');
    return '';
  }
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || /[?#]/.test(value))
    problems.push('LOKI_URL must be http:// or https://, a host and maybe a path, without credentials or a query.');
  return value.replace(/\/+$/, '');
}

function labelPolicy(value: string | undefined, problems: string[]): Config['labels'] {
  const json = parse(value);
  if (!json) {
    problems.push('LABEL_POLICY must be a JSON object.');
    return { fromTags: [], static: {}, refreshSeconds: 0 };
  }
  const wrong: string[] = [];
  const policy = parseLabelPolicy(json, wrong);
  const refreshSeconds = Number(json.refresh_seconds);
  if (typeof json.refresh_seconds !== 'number' || refreshSeconds < 1 || refreshSeconds > 86_400)
    wrong.push('refresh_seconds must be a number from 1 to 86400.');
  problems.push(...wrong.map((problem) => `LABEL_POLICY: ${problem}`));
  return { ...policy, refreshSeconds };
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

function lineRules(value: string | undefined, problems: string[]): LineRules {
  const rules = parse(value);
  if (!rules) {
    problems.push('LINE_RULES must be a JSON object.');
    return { maxBytes: 0, tooLong: 'split', maxAgeMs: 0, maxAheadMs: 0, outOfRange: 'park' };
  }
  const number = (name: string, least: number, most: number): number => {
    const given = rules[name];
    if (typeof given === 'number' && given >= least && given <= most) return given;
    problems.push(`LINE_RULES: ${name} must be a number from ${least} to ${most}.`);
    return least;
  };
  const choice = <T extends string>(name: string, first: T, second: T): T => {
    const given = rules[name];
    if (given === first || given === second) return given as T;
    problems.push(`LINE_RULES: ${name} must be ${first} or ${second}.`);
    return first;
  };
  return {
    maxBytes: number('max_bytes', 1024, 1024 * 1024),
    tooLong: choice('too_long', 'split', 'cut'),
    maxAgeMs: (number('max_age_hours', 0, 87_600) || Number.POSITIVE_INFINITY) * HOUR_MS,
    maxAheadMs: (number('max_ahead_minutes', 0, 525_600) || Number.POSITIVE_INFINITY) * MINUTE_MS,
    outOfRange: choice('out_of_range', 'park', 'clamp'),
  };
}

function parallelPushes(value: string | undefined, problems: string[]): number {
  const pushes = Number(value);
  if (Number.isInteger(pushes) && pushes >= 1 && pushes <= 16) return pushes;
  problems.push('PARALLEL_PUSHES must be a whole number from 1 to 16.');
  return 1;
}

function ownLogGroups(value: string | undefined, problems: string[]): ReadonlySet<string> {
  const names = parseJson(value ?? '');
  if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return new Set(names);
  problems.push('OWN_LOG_GROUPS must be a JSON list of names.');
  return new Set();
}

function secret(
  key: keyof SecretArns,
  name: (typeof SETTINGS)[number],
  env: Readonly<Record<string, string | undefined>>,
  problems: string[],
): SecretArns {
  const arn = env[name];
  if (!arn) return {};
  if (!/^arn:[^:]+:(secretsmanager:[^:]+:\d{12}:secret:.+|ssm:[^:]+:\d{12}:parameter\/.+)$/.test(arn))
    problems.push(`${name} must be the ARN of a Secrets Manager secret or an SSM parameter.`);
  return { [key]: arn };
}

function parse(json: string | undefined): Readonly<Record<string, unknown>> | undefined {
  const value = parseJson(json ?? '');
  return isObject(value) ? value : undefined;
}
