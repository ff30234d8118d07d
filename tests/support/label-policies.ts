import fc from 'fast-check';
import { labelName } from '../../function/labels/label-name.ts';
import { BUILT_IN_LABELS } from '../../function/labels/policy.ts';

/** What the module's variable `labels`, and each object of its by_prefix, may hold. */
export interface LabelsInput {
  readonly from_tags?: readonly string[];
  readonly rename?: Readonly<Record<string, string>>;
  readonly static?: Readonly<Record<string, string>>;
  readonly service_name?: string;
  readonly drop_tags?: readonly string[];
  readonly values?: { readonly trim?: boolean; readonly case?: string };
}

const NAMED = [
  'owner',
  'Team-Name',
  'team.name',
  'app:a',
  'app:b',
  'app-a',
  'app_a',
  'region',
  'log_group',
  'log_stream',
];
const KEYS = [...NAMED, '1st', '名前', 'x y', 'a+b', '_', 'static'];
const MANY = Array.from({ length: 20 }, (_, i) => `many/${i}`);
const PATTERNS = ['app:*', 'app*a', '*', '**', 't*m*', '*a', 'a*b', '*.*', 'many/*', '*1*', 'x*'];
const NAMES = ['team', 'app_a', '_1', 'env', 'stage', 'App', 'owner'];
const CHARACTERS = [
  'a',
  'B',
  '9',
  'ß',
  'Σ',
  'İ',
  'ı',
  'é',
  'Ǆ',
  '名',
  ' ',
  '\u00a0',
  '\u2003',
  '.',
  '+',
  '-',
  '@',
  '=',
];

const key = fc.constantFrom(...KEYS);
const item = fc.oneof(key, fc.constantFrom(...PATTERNS));
const value = fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength: 6 });
const place = fc
  .array(fc.oneof(key, fc.constantFrom('log_group_name', 'missing')), { minLength: 1, maxLength: 3 })
  .map((keys) => `{${keys.join('|')}}`);

/** Tags of a log group. */
export const anyTags = fc.dictionary(fc.oneof(key, fc.constantFrom(...MANY)), value, { maxKeys: 25, size: 'max' });

/** Fields of a policy, which need not fit together. */
export const anyLabels: fc.Arbitrary<LabelsInput> = fc.record(
  {
    from_tags: fc.uniqueArray(item, { maxLength: 6 }),
    rename: fc.dictionary(key, fc.constantFrom(...NAMES), { maxKeys: 3 }),
    static: fc.dictionary(
      fc.constantFrom(...NAMES),
      value.map((text) => `v${text}`),
      { maxKeys: 3 },
    ),
    service_name: fc
      .array(fc.oneof(place, fc.constantFrom('-', 'a b', '|', '/é"\\$')), { minLength: 1, maxLength: 4 })
      .map((pieces) => pieces.join('')),
    drop_tags: fc.uniqueArray(item, { maxLength: 2 }),
    values: fc.record({ trim: fc.boolean(), case: fc.constantFrom('keep', 'lower', 'upper') }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);

/** Whether the plan takes a policy: no name is another's, and each key that from_tags names can name a label. */
export function fitsTogether({ from_tags: items = [], rename = {}, static: fixed = {} }: LabelsInput): boolean {
  const keys = items.filter((item) => !item.includes('*'));
  const names = [
    ...BUILT_IN_LABELS,
    ...Object.keys(fixed),
    ...keys.map((key) => rename[key] ?? labelName(key)),
    ...Object.entries(rename).flatMap(([key, name]) => (keys.includes(key) ? [] : [name])),
  ];
  return new Set(names).size === names.length && !names.includes('_');
}
