import { isFileHandle } from '@switchyard/shared/files/file-handle.ts';
import { isBigIntegerText, isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';
import { Meter } from '@switchyard/shared/json-schema/meter.ts';
import { followed } from '@switchyard/shared/json-schema/references.ts';

/** What may be changed in a value to make it valid, or to make equal things look equal. */
export interface NormalizeOptions {
  /** Converts text to numbers and booleans, and a single value to a list, where the schema says so. */
  readonly coerce: boolean;
  readonly trim: boolean;
  /** Converts ISO 8601 dates and times to UTC. */
  readonly dates: boolean;
  /** Lowercases email addresses and language tags. */
  readonly lowerCase: boolean;
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;
const MAX_WRAPS = 10;
const LANGUAGE_NAMES = new Set(['language', 'lang', 'locale']);

const typesOf = ({ type }: JsonSchema): readonly unknown[] => (Array.isArray(type) ? type : type === undefined ? [] : [type]);

/** A date or date-time as an instant. A time without a zone is UTC, never this machine's zone. Undefined for anything else. */
function instant(text: string): Date | undefined {
  const match = DATE_TIME.exec(text.trim());
  if (!match) return undefined;
  const [, day, time = '00:00', zone = 'Z'] = match;
  const at = new Date(`${day}T${time}${zone.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`);
  // Date turns 31 February into March; such a day is left unchanged, for validation to reject. A year beyond 9999 in UTC has no valid
  // format.
  if (Number.isNaN(at.getTime()) || at.getUTCFullYear() > 9_999 || at.getUTCFullYear() < 0) return undefined;
  return new Date(`${day}T00:00Z`).toISOString().slice(0, 10) !== day ? undefined : at;
}

function text(value: string, schema: JsonSchema, name: string, options: NormalizeOptions): string {
  const trimmed = options.trim ? value.trim() : value;
  const format = schema.format ?? schema['x-format'];
  if (options.dates && format === 'date-time') return instant(trimmed)?.toISOString() ?? trimmed;
  if (options.dates && format === 'date') return instant(trimmed)?.toISOString().slice(0, 10) ?? trimmed;
  if (!options.lowerCase) return trimmed;
  if (format === 'email' || format === 'idn-email') return trimmed.toLowerCase();
  if (format === 'language' || LANGUAGE_NAMES.has(name)) return trimmed.toLowerCase().replaceAll('_', '-');
  return trimmed;
}

function scalar(value: unknown, types: readonly unknown[]): unknown {
  if (typeof value !== 'string' || types.includes('string')) return value;
  const bare = value.trim();
  const asksForNumber = types.includes('number') || types.includes('integer');
  // No digit may be lost (S79).
  if (asksForNumber && isBigIntegerText(bare.replace(/^\+/, ''))) return bare.replace(/^\+/, '');
  if (asksForNumber && NUMBER.test(bare) && Number.isFinite(Number(bare))) return Number(bare);
  if (types.includes('boolean') && /^(true|false)$/i.test(bare)) return bare.toLowerCase() === 'true';
  return value;
}

/** Where in a value the walk is: the field's name, and the whole schema for its references. */
interface Place {
  readonly name: string;
  readonly root: JsonSchema;
  readonly options: NormalizeOptions;
  readonly meter: Meter;
  /** How many lists were put around the value. A list of itself would never end. */
  readonly wraps?: number | undefined;
  /** Schemas already applied at this place. Without them, one that includes itself would never end. */
  readonly taken?: Set<unknown> | undefined;
}

/** Returns the same object if nothing changes: copying one with many fields is slow. */
function object(value: Record<string, unknown>, schema: JsonSchema, place: Place): Record<string, unknown> {
  const properties = isPlainObject(schema.properties) ? schema.properties : {};
  const changed: [string, unknown][] = [];
  place.meter.spend(3 * Object.keys(properties).length);
  for (const [name, property] of Object.entries(properties)) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    const fitted = given === undefined ? defaultOf(property, place) : walk(given, property, { ...place, name, taken: undefined, wraps: undefined });
    if (fitted !== given) changed.push([name, fitted]);
  }
  if (changed.length === 0) return value;
  place.meter.spend(3 * Object.keys(value).length);
  const copy = { ...value };
  // Defines own properties: a field named `__proto__` stays data.
  for (const [name, fitted] of changed) Object.defineProperty(copy, name, { value: fitted, writable: true, enumerable: true, configurable: true });
  return copy;
}

function defaultOf(property: unknown, { root, meter }: Place): unknown {
  const fallback = followed(property, root).default;
  if (fallback === undefined) return undefined;
  const written = JSON.stringify(fallback);
  meter.spend(written.length >> 2);
  return JSON.parse(written);
}

/** Returns the same list if nothing changes. */
function list(items: readonly unknown[], of: unknown, place: Place): readonly unknown[] {
  const fitted = items.map((one) => walk(one, of, place));
  return fitted.some((one, index) => one !== items[index]) ? fitted : items;
}

function walk(value: unknown, of: unknown, place: Place): unknown {
  place.meter.spend(3);
  const schema = followed(of, place.root);
  if (Array.isArray(schema.allOf)) {
    const { taken = new Set() } = place;
    if (taken.has(schema)) return value;
    taken.add(schema);
    const { allOf, ...own } = schema;
    return [own, ...allOf].reduce((current: unknown, part: unknown) => walk(current, part, { ...place, taken }), value);
  }
  const types = typesOf(schema);
  const item = { ...place, name: '', taken: undefined, wraps: undefined };
  if (Array.isArray(value)) return list(value, schema.items, item);
  const { wraps = 0 } = place;
  const wantsList = place.options.coerce && types.length === 1 && types[0] === 'array' && value !== null && value !== undefined;
  if (wantsList && wraps < MAX_WRAPS) return [walk(value, schema.items, { ...item, wraps: wraps + 1 })];
  if (isFileHandle(value)) return value;
  if (isPlainObject(value)) return object(value, schema, place);
  const fitted = place.options.coerce ? scalar(value, types) : value;
  return typeof fitted === 'string' && types.includes('string') ? text(fitted, schema, place.name, place.options) : fitted;
}

/**
 * The value converted toward the schema. What can't be converted stays unchanged, for validation to report. A second pass changes nothing.
 * Throws TooMuchWork.
 */
export const normalize = (schema: JsonSchema, value: unknown, options: NormalizeOptions): unknown =>
  walk(value, schema, { name: '', root: schema, options, meter: new Meter() });

/** The schemas for one place: the schema itself and those combined with it, each once. */
function partsOf(of: unknown, search: Search, found = new Set<JsonSchema>()): Set<JsonSchema> {
  search.meter.spend(3);
  const schema = followed(of, search.root);
  if (found.has(schema)) return found;
  found.add(schema);
  for (const list of [schema.allOf, schema.anyOf, schema.oneOf]) {
    if (Array.isArray(list)) for (const part of list) partsOf(part, search, found);
  }
  return found;
}

/** A search for unknown fields, which ends once enough are found. */
interface Search {
  readonly root: JsonSchema;
  readonly meter: Meter;
  readonly found: string[];
}

const MOST_FOUND = 20;

/** Paths (in dots) of fields that a schema doesn't name, if it names any and doesn't allow others; at most 20. Throws TooMuchWork. */
export function unknownFields(schema: JsonSchema, value: unknown): string[] {
  const search: Search = { root: schema, meter: new Meter(), found: [] };
  findUnknown([schema], value, '', search);
  return search.found;
}

function findUnknown(of: readonly unknown[], value: unknown, path: string, search: Search): void {
  if (search.found.length >= MOST_FOUND || typeof value !== 'object' || value === null || isFileHandle(value)) return;
  const all = new Set<JsonSchema>();
  for (const one of of) partsOf(one, search, all);
  const parts = [...all];
  const below = (name: string | number): string => (path === '' ? String(name) : `${path}.${name}`);
  if (Array.isArray(value)) {
    const items = parts.flatMap(({ items }) => (items === undefined ? [] : [items]));
    if (items.length > 0) for (const [index, item] of value.entries()) findUnknown(items, item, below(index), search);
    return;
  }
  const named = parts.flatMap(({ properties }) => (isPlainObject(properties) ? [properties] : []));
  const isOpen = parts.some(({ additionalProperties, patternProperties }) => Boolean(additionalProperties) || patternProperties !== undefined);
  if (named.length === 0) return;
  for (const [name, item] of Object.entries(value)) {
    search.meter.spend(named.length);
    const schemas = named.flatMap((properties) => (Object.hasOwn(properties, name) ? [properties[name]] : []));
    if (schemas.length > 0) findUnknown(schemas, item, below(name), search);
    else if (!isOpen && search.found.length < MOST_FOUND) search.found.push(below(name));
  }
}
