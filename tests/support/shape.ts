import { expect } from 'chai';
import { isObject } from '../../function/json.ts';

/**
 * What a value of JSON looks like: the name of a type, the names of several (`string|null`), a list of what all its
 * elements look like, an object with exactly these fields, or `{ '*': … }` for an object with any fields. `orNull` is
 * for what may be null instead.
 */
export type Shape = string | readonly [Shape] | OrNull | { readonly [field: string]: Shape };

class OrNull {
  readonly shape: Shape;
  constructor(shape: Shape) {
    this.shape = shape;
  }
}

export function orNull(shape: Shape): Shape {
  return new OrNull(shape);
}

/** Expects a value of JSON to look like this, everywhere in it. */
export function expectShape(value: unknown, shape: Shape, where = 'it'): void {
  if (shape instanceof OrNull) {
    if (value !== null) expectShape(value, shape.shape, where);
  } else if (typeof shape === 'string')
    expect(shape.split('|'), `${where} is a ${typeOf(value)}`).to.include(typeOf(value));
  else if (isList(shape)) {
    expect(value, where).to.be.an('array');
    for (const [i, element] of (value as unknown[]).entries()) expectShape(element, shape[0], `${where}[${i}]`);
  } else expectFields(value, shape, where);
}

function expectFields(value: unknown, shape: { readonly [field: string]: Shape }, where: string): void {
  expect(isObject(value), `${where} is a ${typeOf(value)}, not an object`).to.equal(true);
  const fields = Object.entries(value as object);
  const any = shape['*'];
  const names = fields.map(([name]) => name);
  if (!any) expect(names, `fields of ${where}`).to.have.members(Object.keys(shape));
  for (const [name, field] of fields) expectShape(field, any ?? (shape[name] as Shape), `${where}.${name}`);
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}
