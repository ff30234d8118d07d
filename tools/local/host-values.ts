import { type LimitsProps, limits } from '../../modules/loki/limits.ts';
import { type ProxyProps, proxy } from '../../modules/loki/proxy.ts';
import type { TemplateValues } from '../host-files.ts';
import { REGION } from './account.ts';

/** A host, by what its values are derived from. */
export type Host = { readonly [name in keyof (LimitsProps & ProxyProps)]?: string | number | boolean };

/** By default the module's: a t4g.medium that keeps 1 GB a day for 30 days, without a certificate. */
const HOST: Required<Host> = {
  memoryMb: 4096,
  vcpus: 2,
  retentionDays: 30,
  expectedGbPerDay: 1,
  storage: 'filesystem',
  bucket: 'loki-shipper-loki',
  region: REGION,
  hasCertificate: false,
  showsGrafana: false,
  serverName: '',
};

/** What Terraform derives for a host (a test compares): the module's own expressions, as JavaScript. */
export function hostValues(host: Host = {}): TemplateValues {
  const props = expressionsOf(host);
  const local: Record<string, string | number> = { region: REGION };
  for (const [name, expression] of Object.entries({ ...limits(props), ...proxy(props) }))
    local[name] = evaluate(expression, local);
  return local;
}

/** Each value as a literal. */
export function expressionsOf(host: Host): LimitsProps & ProxyProps {
  const literals = Object.entries({ ...HOST, ...host }).map(([name, value]) => [name, JSON.stringify(value)]);
  return Object.fromEntries(literals);
}

function evaluate(expression: string, local: object): string | number {
  const { min, max, floor, ceil } = Math;
  const join = (separator: string, texts: readonly string[]) => texts.join(separator);
  const scope = { local, min, max, floor, ceil, join, jsonencode: JSON.stringify };
  return new Function(...Object.keys(scope), `return ${expression};`)(...Object.values(scope));
}
