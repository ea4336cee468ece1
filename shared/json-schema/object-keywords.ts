import { isPlainObject } from '../json.ts';
import type { Compile, Keyword } from './keyword.ts';
import { patternCheck } from './pattern.ts';
import type { Check } from './visit.ts';

const entriesOf = (value: unknown): [string, unknown][] => (isPlainObject(value) ? Object.entries(value) : []);
const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);
const UNEXPECTED = 'is not allowed here';

/** The checks of fields by name and by name pattern. */
export function namedFields(schema: Record<string, unknown>, compiler: Compile) {
  const byName = new Map(entriesOf(schema.properties).map(([name, one]) => [name, compiler.compile(one)]));
  const byPattern = entriesOf(schema.patternProperties).map(([source, one]) => ({ matches: patternCheck(source), check: compiler.compile(one) }));
  return { byName, byPattern };
}

/** `properties`, `patternProperties`, and `additionalProperties` in one pass over the fields of a value. */
const fields: Keyword = (_value, schema, compiler) => {
  const { byName, byPattern } = namedFields(schema, compiler);
  const isClosed = schema.additionalProperties === false;
  const others = schema.additionalProperties === undefined || isClosed ? undefined : compiler.compile(schema.additionalProperties);
  return (value, visit) => {
    if (!isPlainObject(value)) return true;
    let fits = true;
    for (const name of visit.namesOf(value)) {
      visit.spend(1);
      const item = value[name];
      const own = byName.get(name);
      let isFitting = !own || visit.below(name, item, own);
      let isNamed = own !== undefined;
      for (const { matches, check } of byPattern) {
        if (!matches(name, visit)) continue;
        isNamed = true;
        isFitting = visit.below(name, item, check) && isFitting;
      }
      if (!isNamed && isClosed) isFitting = visit.fail(UNEXPECTED, name);
      else if (!isNamed && others) isFitting = visit.below(name, item, others);
      fits &&= isFitting;
      if (!fits && visit.stops) return false;
    }
    return fits;
  };
};

/** Checks that fields exist. */
function present(names: readonly string[]): Check {
  return (value, visit) => {
    if (!isPlainObject(value)) return true;
    let fits = true;
    for (const name of names) {
      visit.spend(1);
      if (Object.hasOwn(value, name)) continue;
      fits = visit.fail('is missing', name);
      if (visit.stops) return false;
    }
    return fits;
  };
}

const names = (count: unknown): string => (count === 1 ? '1 field' : `${count} fields`);
const minProperties: Keyword = (least) => (value, visit) =>
  !isPlainObject(value) || visit.namesOf(value).length >= Number(least) || visit.fail(`must have at least ${names(least)}`);
const maxProperties: Keyword = (most) => (value, visit) =>
  !isPlainObject(value) || visit.namesOf(value).length <= Number(most) || visit.fail(`must have at most ${names(most)}`);

const propertyNames: Keyword = (of, _schema, compiler) => {
  const check = compiler.compile(of);
  return (value, visit) => {
    if (!isPlainObject(value)) return true;
    let fits = true;
    for (const name of visit.namesOf(value)) {
      if (visit.test(name, check)) continue;
      fits = visit.fail('is not an allowed field name', name);
      if (visit.stops) return false;
    }
    return fits;
  };
};

/** Checks applied when a field exists: other fields by name, or a schema. */
const dependent: Keyword = (of, _schema, compiler) => {
  const checks = entriesOf(of).map(([name, one]) => [name, Array.isArray(one) ? present(textsOf(one)) : compiler.compile(one)] as const);
  return (value, visit) => {
    if (!isPlainObject(value)) return true;
    let fits = true;
    for (const [name, check] of checks) {
      visit.spend(1);
      if (Object.hasOwn(value, name) && !check(value, visit)) fits = false;
      if (!fits && visit.stops) return false;
    }
    return fits;
  };
};

/** Compiles the field check once, at the first of its keywords. */
const fieldsOnce =
  (name: string): Keyword =>
  (value, schema, compiler) =>
    ['properties', 'patternProperties', 'additionalProperties'].find((one) => Object.hasOwn(schema, one)) === name
      ? fields(value, schema, compiler)
      : undefined;

/** Keywords for the fields of an object. */
export const OBJECT_KEYWORDS = {
  required: (value) => present(textsOf(value)),
  properties: fieldsOnce('properties'),
  patternProperties: fieldsOnce('patternProperties'),
  additionalProperties: fieldsOnce('additionalProperties'),
  minProperties,
  maxProperties,
  propertyNames,
  dependentRequired: dependent,
  dependentSchemas: dependent,
  dependencies: dependent,
} satisfies Record<string, Keyword>;
