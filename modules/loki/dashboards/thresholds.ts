import { ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';

export type Thresholds = readonly (readonly [from: number | null, color: string])[];

/** Green below `warn`, yellow from there, red from `alarm`. */
export function above(warn: number, alarm: number): Thresholds {
  return [
    [null, 'green'],
    [warn, 'yellow'],
    [alarm, 'red'],
  ];
}

/** For what should not happen: red from one on. */
export const NONE: Thresholds = [
  [null, 'green'],
  [1, 'red'],
];

/** For what is 1 when all is well. */
export const ONE: Thresholds = [
  [null, 'red'],
  [1, 'green'],
];

export function thresholds(steps: Thresholds): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(steps.map(([value, color]) => ({ value, color })));
}
