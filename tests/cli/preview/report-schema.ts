import { expect } from 'chai';

/** What a value must be; throws where it is something else. */
type Check = (value: unknown, at: string) => void;

const text: Check = (value, at) => expect(value, at).to.be.a('string');
const count: Check = (value, at) => expect(value, at).to.be.a('number').and.satisfy(Number.isFinite).and.at.least(0);
const flag: Check = (value, at) => expect(value, at).to.be.a('boolean');

function oneOf(...values: readonly unknown[]): Check {
  return (value, at) => expect(values, at).to.include(value);
}

function orNull(check: Check): Check {
  return (value, at) => value === null || check(value, at);
}

function list(check: Check): Check {
  return (value, at) => {
    expect(value, at).to.be.an('array');
    for (const [i, one] of (value as readonly unknown[]).entries()) check(one, `${at}[${i}]`);
  };
}

/** An object of exactly these fields. */
function object(fields: Readonly<Record<string, Check>>): Check {
  return (value, at) => {
    expect(value, at).to.be.an('object');
    expect(Object.keys(value as object), at).to.have.members(Object.keys(fields));
    for (const [name, check] of Object.entries(fields))
      check((value as Readonly<Record<string, unknown>>)[name], `${at}.${name}`);
  };
}

function record(check: Check): Check {
  return (value, at) => {
    expect(value, at).to.be.an('object');
    for (const [name, one] of Object.entries(value as object)) check(one, `${at}.${name}`);
  };
}

const WHY = oneOf('unknown', 'sensitive', 'unreadable', 'elsewhere');

function told(check: Check): Check {
  const hidden = object({ hidden: WHY });
  return (value, at) =>
    typeof value === 'object' && value !== null && 'hidden' in value ? hidden(value, at) : check(value, at);
}

const MANAGER = oneOf('terraform', 'registrar');
const both = (check: Check) => object({ before: check, after: check });
const finding = object({ rule: text, message: text, subjects: list(text) });
const state = object({
  subscribedBy: MANAGER,
  wantedBy: told(list(text)),
  filterPattern: told(text),
  tags: orNull(record(text)),
  tagsHidden: orNull(WHY),
  labels: orNull(record(told(text))),
  labelsHidden: orNull(WHY),
});
const change = object({
  logGroup: text,
  change: oneOf('gain', 'lose', 'change', 'unknown'),
  gone: flag,
  interruption: orNull(oneOf('replaced', 'deleted_last', 'handed_over', 'group_replaced')),
  before: orNull(state),
  after: orNull(state),
});
const listChange = object({ added: list(text), removed: list(text), kept: count });
const cost = object({ lambda: count, logs: count, metrics: count, alarms: count, registrar: count, total: count });

const installation = object({
  module: orNull(text),
  name: orNull(text),
  account: orNull(text),
  region: orNull(text),
  change: oneOf('none', 'create', 'update', 'destroy'),
  managedBy: both(told(orNull(MANAGER))),
  losses: list(finding),
  notices: list(finding),
  unknowns: list(finding),
  groups: object({
    before: count,
    after: count,
    atLeast: both(flag),
    gain: count,
    lose: count,
    change: count,
    keep: count,
  }),
  changes: list(change),
  prefixes: listChange,
  exclusions: listChange,
  streams: object({ before: count, after: count, meanwhile: count, limit: count }),
  highCardinality: list(
    object({
      label: text,
      values: count,
      looksLike: orNull(oneOf('uuid', 'timestamp', 'version', 'hash', 'number')),
      examples: list(text),
    }),
  ),
  cost: both(orNull(cost)),
  assumptions: list(text),
});

const report = object({
  version: oneOf(1),
  terraform: orNull(text),
  complete: flag,
  succeeded: flag,
  losesLogs: flag,
  installations: list(installation),
});

/** Expects the JSON of a report to be as `cli/preview/report.ts` promises it, no field more and none less. */
export function expectReport(json: unknown): void {
  report(json, 'report');
}
