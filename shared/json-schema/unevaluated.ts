import { isPlainObject } from '../json.ts';
import { firstItems } from './array-keywords.ts';
import type { Compile, Keyword } from './keyword.ts';
import { namedFields } from './object-keywords.ts';
import type { Check, Visit } from './visit.ts';

/*
 * `unevaluatedProperties` and `unevaluatedItems`: they apply to the fields and items that no other keyword of the schema, or of a schema
 * combined with it, has evaluated.
 */

type What = 'unevaluatedProperties' | 'unevaluatedItems';

/** Adds the names (or indexes) that a schema evaluates in a value. */
type Seen = (value: unknown, visit: Visit, into: Set<string | number>) => void;

const addKeys = (value: unknown, visit: Visit, into: Set<string | number>): void => {
  const keys = Array.isArray(value) ? value.keys() : isPlainObject(value) ? visit.namesOf(value) : [];
  for (const key of keys) {
    visit.spend(1);
    into.add(key);
  }
};

function ownFields(schema: Record<string, unknown>, compiler: Compile): Seen {
  if (schema.additionalProperties !== undefined) return addKeys;
  const { byName, byPattern } = namedFields(schema, compiler);
  return (value, visit, into) => {
    if (!isPlainObject(value)) return;
    for (const name of visit.namesOf(value)) {
      visit.spend(1);
      if (byName.has(name) || byPattern.some(({ matches }) => matches(name, visit))) into.add(name);
    }
  };
}

function ownItems(schema: Record<string, unknown>, compiler: Compile): Seen {
  if (schema.items !== undefined) return addKeys;
  const first = firstItems(schema, compiler).length;
  const contains = schema.contains === undefined ? undefined : compiler.compile(schema.contains);
  return (value, visit, into) => {
    if (!Array.isArray(value)) return;
    for (const [index, item] of value.entries()) {
      visit.spend(1);
      if (index < first || (contains && visit.test(item, contains))) into.add(index);
    }
  };
}

/** The schemas combined with this one, each with its condition. */
function partsOf(
  schema: Record<string, unknown>,
  compiler: Compile,
): { readonly when: Check | undefined; readonly schema: unknown; readonly field?: string }[] {
  const listed = (name: string): readonly unknown[] => (Array.isArray(schema[name]) ? schema[name] : []);
  const condition = schema.if === undefined ? undefined : compiler.compile(schema.if);
  const otherwise: Check | undefined = condition && ((value, visit) => !visit.test(value, condition));
  return [
    ...(schema.$ref === undefined ? [] : [{ when: undefined, schema: compiler.target(schema.$ref) }]),
    ...listed('allOf').map((one) => ({ when: undefined, schema: one })),
    ...[...listed('anyOf'), ...listed('oneOf')].map((one) => ({ when: compiler.compile(one), schema: one })),
    ...(condition ? [schema.if, schema.then].map((one) => ({ when: condition, schema: one })) : []),
    ...(otherwise ? [{ when: otherwise, schema: schema.else }] : []),
    ...Object.entries(isPlainObject(schema.dependentSchemas) ? schema.dependentSchemas : {}).map(([field, one]) => ({ when: undefined, schema: one, field })),
  ];
}

/** Compiles what schemas evaluate, each schema once however often it is referenced. */
class SeenCompiler {
  readonly #made = new Map<unknown, Seen>();
  readonly #what: What;
  readonly #compiler: Compile;

  constructor(what: What, compiler: Compile) {
    this.#what = what;
    this.#compiler = compiler;
  }

  /** What a part evaluates. Its own unevaluated keyword evaluates everything. */
  part(schema: unknown): Seen {
    if (!isPlainObject(schema)) return () => {};
    if (schema[this.#what] !== undefined) return addKeys;
    const made = this.#made.get(schema) ?? this.whole(schema);
    this.#made.set(schema, made);
    return made;
  }

  whole(schema: Record<string, unknown>): Seen {
    const own = this.#what === 'unevaluatedProperties' ? ownFields(schema, this.#compiler) : ownItems(schema, this.#compiler);
    const parts = partsOf(schema, this.#compiler).map((part) => ({ ...part, seen: this.part(part.schema) }));
    return (value, visit, into) => {
      visit.spend(1 + parts.length);
      own(value, visit, into);
      for (const { when, field, seen } of parts) {
        if (field !== undefined && !(isPlainObject(value) && Object.hasOwn(value, field))) continue;
        if (!when || visit.test(value, when)) seen(value, visit, into);
      }
    };
  }
}

export const unevaluatedCheck =
  (what: What): Keyword =>
  (of, schema, compiler) => {
    const check = compiler.compile(of);
    // Compiled on first use: a schema may refer to itself.
    let seen: Seen | undefined;
    return (value, visit) => {
      const isAbout = what === 'unevaluatedItems' ? Array.isArray(value) : isPlainObject(value);
      if (!isAbout) return true;
      seen ??= new SeenCompiler(what, compiler).whole(schema);
      const known = new Set<string | number>();
      seen(value, visit, known);
      let fits = true;
      const all = Array.isArray(value) ? [...value.entries()] : Object.entries(value as object);
      for (const [key, item] of all) {
        visit.spend(1);
        if (known.has(key)) continue;
        if (of === false) fits = visit.fail('is not allowed here', String(key));
        else if (!visit.below(key, item, check)) fits = false;
        if (!fits && visit.stops) return false;
      }
      return fits;
    };
  };
