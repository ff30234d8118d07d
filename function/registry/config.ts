import { LokiShipperError } from '../errors.ts';

/** What the registrar needs for a replay. */
export interface RegistrarConfig {
  /** Of the module; it holds what is to be replayed. */
  readonly bucket: string;
  /** Name of the shipper's function. */
  readonly shipper: string;
  /** The longest that an invocation of the shipper takes. */
  readonly shipperTimeoutMs: number;
}

/** The environment variables that the registrar reads, and no others. The module writes exactly these. */
export const REGISTRAR_SETTINGS = ['BUCKET', 'SHIPPER_FUNCTION', 'SHIPPER_TIMEOUT'] as const;

export class InvalidRegistrarConfig extends LokiShipperError {
  override readonly name = 'InvalidRegistrarConfig';
  constructor(problems: readonly string[]) {
    super(`The registrar is not set up right: ${problems.join(' ')}`);
  }
}

/**
 * Reads all settings at once.
 * @throws InvalidRegistrarConfig with everything that is wrong
 */
export function loadRegistrarConfig(env: Readonly<Record<string, string | undefined>>): RegistrarConfig {
  const { BUCKET: bucket = '', SHIPPER_FUNCTION: shipper = '', SHIPPER_TIMEOUT } = env;
  const seconds = Number(SHIPPER_TIMEOUT);
  const problems: string[] = [];
  if (!bucket) problems.push('BUCKET is missing.');
  if (!shipper) problems.push('SHIPPER_FUNCTION is missing.');
  if (!(seconds >= 1 && seconds <= 900)) problems.push('SHIPPER_TIMEOUT must be a number of seconds from 1 to 900.');
  if (problems.length > 0) throw new InvalidRegistrarConfig(problems);
  return { bucket, shipper, shipperTimeoutMs: seconds * 1000 };
}
