import { hcl } from '../hcl.ts';
import type { Validation } from '../module-stack.ts';
import { matches } from '../rules.ts';

/** GB of logs, as CloudWatch Logs counts them, that Loki keeps in one GB. */
const COMPRESSION = 4;
/** GB of the volume for the write-ahead log, the index and Grafana. */
const RESERVE_GB = 5;
/** Share of the volume at which Loki refuses pushes (`ingester.wal.disk_full_threshold`). */
const FULL = 0.9;

const NEEDED_GB = hcl`ceil((var.retention_days * var.expected_gb_per_day / ${COMPRESSION} + ${RESERVE_GB}) / ${FULL})`;

/** Chunks in S3 need none of the volume. */
export const FITS_ON_VOLUME: Validation = {
  condition: hcl`var.storage == "s3" || var.volume_gb >= ${NEEDED_GB}`,
  errorMessage: `volume_gb must be \${${NEEDED_GB}} at least, for retention_days × expected_gb_per_day, of which Loki keeps a ${COMPRESSION}th, and ${RESERVE_GB} GB besides, below the 90 % at which Loki refuses pushes; or storage be s3.`,
};

/** A block whose address is its first one: AWS would store another than is written, and each plan would change it back. */
export const isCidr = (value: string) => hcl`try(cidrsubnet(${value}, 0, 0) == ${value}, false)`;

export const OPEN_WITHOUT_TLS: Validation = {
  condition: hcl`var.tls != null || !anytrue([for cidr in var.push_cidrs : endswith(cidr, "/0")])`,
  errorMessage: 'push_cidrs must not be all addresses without tls, or passwords would be sent in clear.',
};

/** @param variable name of a variable of type string */
export function isPinned(variable: string): Validation {
  return {
    condition: matches('^[^@[:space:]]+@sha256:[0-9a-f]{64}$')(`var.${variable}`),
    errorMessage: `${variable} must be an image with its digest (name:tag@sha256:…), so that no restart brings another one.`,
  };
}

const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const DAYS = String.raw`${DAY}(?:(?:,|\\.\\.)${DAY})*`;
/** What systemd takes for `OnCalendar=`, of it the forms that a maintenance window needs. */
export const isMaintenanceWindow = matches(`^(?:${DAYS} )?(?:[01][0-9]|2[0-3]):[0-5][0-9]$`);

/** What the module sets of Grafana itself, also in the form with `__FILE`. */
export const OWN_SETTINGS = JSON.stringify([
  'GF_PATHS_DATA',
  'GF_PATHS_PROVISIONING',
  'GF_SECURITY_ADMIN_PASSWORD',
  'GF_SECURITY_SECRET_KEY',
  'GF_SERVER_HTTP_ADDR',
  'GF_SERVER_HTTP_PORT',
  'GF_SERVER_PROTOCOL',
]);
