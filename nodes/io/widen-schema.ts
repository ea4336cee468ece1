import { AppError } from '@switchyard/shared/errors.ts';
import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';
import { Meter, TooMuchWork } from '@switchyard/shared/json-schema/meter.ts';
import { validateJson } from '@switchyard/shared/json-schema/validate.ts';
import { inferSchema } from './infer-schema.ts';

/*
 * Changes a schema as little as needed to accept one more sample: new fields are added as optional, missing fields become optional, types
 * are joined, and other keywords are kept if they accept the sample.
 */

const DEEPEST = 20;
/** More items of one list hardly change the schema. */
const MOST_ITEMS = 200;
/** Keywords that don't restrict values, or are widened by their own rules. */
const KEPT = new Set(['$schema', '$id', '$defs', 'definitions', '$comment', 'title', 'description', 'default', 'examples', 'type', 'nullable']);
const OF_OBJECTS = new Set(['properties', 'required', 'additionalProperties', 'unevaluatedProperties']);

/** Where a widening is: the whole schema for its references, the depth, and the remaining work for all of it. */
interface Place {
  readonly root: JsonSchema;
  readonly depth: number;
  readonly meter: Meter;
}

const below = (place: Place): Place => ({ ...place, depth: place.depth + 1 });

/** Also false if the schema is invalid or the work limit is used up. */
function accepts(schema: JsonSchema, value: unknown, meter: Meter): boolean {
  try {
    meter.spend(100 + (JSON.stringify(schema).length >> 2));
    return validateJson(schema, value, meter).length === 0;
  } catch (thrown) {
    if (thrown instanceof AppError || thrown instanceof TooMuchWork) return false;
    throw thrown;
  }
}

function widenedType(schema: JsonSchema, value: unknown, meter: Meter): JsonSchema {
  const { type, nullable } = schema;
  if (type === undefined || accepts({ type, ...(nullable === true && { nullable }) }, value, meter)) return schema;
  const types = [type].flat();
  if (typeof value === 'number') return { ...schema, type: single([...types.filter((one) => one !== 'integer'), 'number']) };
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return { ...schema, type: single([...types, kind]) };
}

const single = (types: readonly unknown[]): unknown => (types.length === 1 ? types[0] : types);

function widenedObject({ required, ...schema }: JsonSchema, value: Record<string, unknown>, place: Place): JsonSchema {
  const shared = Array.isArray(required) ? required.filter((name) => Object.hasOwn(value, String(name))) : [];
  const widenedSchema = { ...schema, ...(shared.length > 0 && { required: shared }) };
  // An object without described fields stays one: earlier samples may have had any.
  if (!isPlainObject(schema.properties)) return widenedSchema;
  const known = schema.properties;
  const properties = Object.fromEntries([
    ...Object.entries(known).map(([name, one]) => [name, Object.hasOwn(value, name) ? widened(one, value[name], below(place)) : one] as const),
    ...Object.entries(value).flatMap(([name, one]) => (Object.hasOwn(known, name) ? [] : [[name, inferSchema([one])] as const])),
  ]);
  return { ...widenedSchema, properties };
}

function widenedList(schema: JsonSchema, items: readonly unknown[], place: Place): JsonSchema {
  if (schema.items === undefined) return schema;
  return { ...schema, items: items.slice(0, MOST_ITEMS).reduce<unknown>((one, item) => widened(one, item, below(place)), schema.items) };
}

/** A schema without keywords about values. */
const isOpen = (schema: JsonSchema): boolean => Object.keys(schema).every((name) => KEPT.has(name) && name !== 'type');

function widened(schema: unknown, value: unknown, place: Place): unknown {
  if (schema === true || (isPlainObject(schema) && isOpen(schema))) return schema;
  if (!isPlainObject(schema) || place.depth > DEEPEST) return inferSchema([value]);
  const { root, meter } = place;
  const references = { ...(root.$defs !== undefined && { $defs: root.$defs }), ...(root.definitions !== undefined && { definitions: root.definitions }) };
  const own = isPlainObject(value) ? OF_OBJECTS : new Set(Array.isArray(value) ? ['items'] : []);
  const keeps = ([name, one]: readonly [string, unknown]) =>
    KEPT.has(name) ||
    own.has(name) ||
    accepts({ ...(isPlainObject(one) || Array.isArray(one) || name === '$ref' ? references : {}), [name]: one }, value, meter);
  const kept = widenedType(Object.fromEntries(Object.entries(schema).filter(keeps)), value, meter);
  if (isPlainObject(value)) return widenedObject(kept, value, place);
  return Array.isArray(value) ? widenedList(kept, value, place) : kept;
}

/** The schema extended by further samples. If the known one can't be widened, or doesn't restrict values yet, the schema of the samples. */
export function widenSchema(known: JsonSchema, samples: readonly unknown[]): JsonSchema {
  const { type, ...rest } = known;
  if (isOpen(rest) && (type === undefined || type === 'object')) return { ...known, ...inferSchema(samples) };
  const place = { root: known, depth: 0, meter: new Meter() };
  const next = samples.reduce<unknown>((schema, sample) => widened(schema, sample, place), known);
  const meter = new Meter();
  return isPlainObject(next) && samples.every((sample) => accepts(next, sample, meter)) ? next : inferSchema(samples);
}
