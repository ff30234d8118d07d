import type { VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';

/** Variable → values that somebody chose. What is not here is "All". */
export type Choices = Readonly<Record<string, readonly string[]>>;

/** Milliseconds since 1970, and seconds between two points. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

const REFERENCE = /\$\{(\w+)(?::(\w+))?\}|\$(\w+)/g;

/** LogQL as Grafana's Loki data source sends it: https://github.com/grafana/grafana/blob/main/public/app/plugins/datasource/loki/datasource.ts */
export function logqlOf(
  expr: string,
  variables: readonly VariableModel[],
  choices: Choices,
  { from, to, step }: Span,
): string {
  const [range, interval] = [`${Math.round((to - from) / 1_000)}s`, `${step}s`];
  const macros: Readonly<Record<string, string>> = {
    __range: range,
    __interval: interval,
    __auto: interval,
    __rate_interval: interval,
  };
  return expr.replace(REFERENCE, (whole, braced?: string, _format?: string, plain?: string) => {
    const name = braced ?? plain ?? '';
    const variable = variables.find((variable) => variable.name === name);
    return macros[name] ?? (variable ? lokiValue(variable, choices[name]) : whole);
  });
}

function lokiValue({ type, allValue }: VariableModel, chosen: readonly string[] | undefined): string {
  if (type === 'textbox') return escapedForString(chosen?.[0] ?? '');
  return chosen ? chosen.map(escapedForRegex).join('|') : (allValue ?? '');
}

function escapedForString(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"');
}

function escapedForRegex(value: string): string {
  return escapedForString(value.replace(/\\/g, '\\\\\\\\').replace(/[$^*{}[\]+?.()|]/g, '\\\\$&'));
}

/** Values of a variable where it stands alone, as in the dimensions of a metric. @param all what "All" is */
export function valuesOf(text: string, choices: Choices, all: Choices): readonly string[] {
  const name = /^\$(\w+)$/.exec(text)?.[1];
  return name === undefined ? [text] : (choices[name] ?? all[name] ?? []);
}

/** A query of Logs Insights, where `:regex` makes one regular expression of all values. */
export function insightsOf(expression: string, choices: Choices, all: Choices): string {
  return expression.replace(/\$\{(\w+):regex\}/g, (_, name: string) => {
    const values = (choices[name] ?? all[name] ?? []).map((value) => value.replace(/[\\^$*+?.()|[\]{}/]/g, '\\$&'));
    return values.length === 1 ? (values[0] ?? '') : `(${values.join('|')})`;
  });
}
