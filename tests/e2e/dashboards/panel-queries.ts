import type { MetricsQuery } from '@grafana/grafana-foundation-sdk/cloudwatch';
import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Answer } from './ask-loki.ts';

export function panelsOf({ panels = [] }: Dashboard): readonly Panel[] {
  return panels.filter((panel): panel is Panel => panel.type !== 'row');
}

export function targetsOf<T>({ targets = [] }: Pick<Panel, 'targets'>): readonly T[] {
  return targets as unknown as readonly T[];
}

export function isMetric(panel: Panel): boolean {
  return targetsOf<MetricsQuery>(panel).every(({ queryMode }) => queryMode === 'Metrics');
}

/** The labels that a panel needs: those of its legend, or the columns of a table. */
export function labelsShown({ type, transformations = [] }: Panel, legend: string): readonly string[] {
  if (type !== 'table') return Array.from(legend.matchAll(/\{\{(\w+)\}\}/g), ([, name]) => name ?? '');
  const shown = transformations[0]?.options as { readonly include: { readonly names: readonly string[] } } | undefined;
  return (shown?.include.names ?? []).filter((name) => !name.startsWith('Value '));
}

export function labelsOf(answer: Answer): readonly Readonly<Record<string, string>>[] {
  return answer.resultType === 'streams' ? [] : answer.result.map(({ metric }) => metric);
}

export function numbersOf(answer: Answer): readonly string[] {
  if (answer.resultType === 'streams') return [];
  if (answer.resultType === 'vector') return answer.result.map(({ value }) => value[1]);
  return answer.result.flatMap(({ values }) => values.map(([, value]) => value));
}

export function sum(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
