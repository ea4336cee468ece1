import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';

/** What may be changed in a value to make it fit, or to make equal things look equal. */
export interface NormaliseOptions {
  /** Numbers and true/false out of text, a single value into a list, where the schema says so. */
  readonly coerce: boolean;
  readonly trim: boolean;
  /** ISO 8601 dates and times to UTC. */
  readonly dates: boolean;
  /** E-mail addresses and language tags to lower case. */
  readonly lowerCase: boolean;
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;
const LANGUAGE_NAMES = new Set(['language', 'lang', 'locale']);

const typesOf = ({ type }: JsonSchema): readonly unknown[] => (Array.isArray(type) ? type : type === undefined ? [] : [type]);

/** A date or date-time as an instant; a time without a zone is UTC, never this machine's. Undefined when it is neither. */
function instant(text: string): Date | undefined {
  const match = DATE_TIME.exec(text.trim());
  if (!match) return undefined;
  const [, day, time = '00:00', zone = 'Z'] = match;
  const at = new Date(`${day}T${time}${zone.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`);
  // Date rolls 31 February over to March; such a day is left as it is, for the check to refuse.
  return Number.isNaN(at.getTime()) || new Date(`${day}T00:00Z`).toISOString().slice(0, 10) !== day ? undefined : at;
}

function text(value: string, schema: JsonSchema, name: string, options: NormaliseOptions): string {
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
  if ((types.includes('number') || types.includes('integer')) && NUMBER.test(bare) && Number.isFinite(Number(bare))) return Number(bare);
  if (types.includes('boolean') && /^(true|false)$/i.test(bare)) return bare.toLowerCase() === 'true';
  return value;
}

/** Follows `$ref` within the schema, a bounded number of times. */
function resolve(schema: unknown, root: JsonSchema): JsonSchema {
  let current = schema;
  for (let hops = 0; hops < 16 && isPlainObject(current) && typeof current.$ref === 'string' && current.$ref.startsWith('#'); hops++) {
    const steps = current.$ref
      .slice(1)
      .split('/')
      .slice(1)
      .map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'));
    current = steps.reduce<unknown>((node, step) => (isPlainObject(node) && Object.hasOwn(node, step) ? node[step] : undefined), root);
  }
  return isPlainObject(current) ? current : {};
}

/** Where in a value a walk is: the field's name, the whole schema for its references, and which `allOf` it is within. */
interface Place {
  readonly name: string;
  readonly root: JsonSchema;
  readonly options: NormaliseOptions;
  /** Schemas that were taken at this place already: one put together of itself would never end. */
  readonly taken?: Set<unknown> | undefined;
}

function object(value: Record<string, unknown>, schema: JsonSchema, place: Place): Record<string, unknown> {
  const properties = isPlainObject(schema.properties) ? schema.properties : {};
  const given = Object.entries(value).map(
    ([name, item]) => [name, Object.hasOwn(properties, name) ? walk(item, properties[name], { ...place, name, taken: undefined }) : item] as const,
  );
  const filled = Object.entries(properties).flatMap(([name, property]) => {
    const fallback = resolve(property, place.root).default;
    return Object.hasOwn(value, name) || fallback === undefined ? [] : [[name, structuredClone(fallback)] as const];
  });
  // fromEntries defines own properties: a field called `__proto__` stays data.
  return Object.fromEntries([...given, ...filled]);
}

function walk(value: unknown, of: unknown, place: Place): unknown {
  const schema = resolve(of, place.root);
  if (Array.isArray(schema.allOf)) {
    const { taken = new Set() } = place;
    if (taken.has(schema)) return value;
    taken.add(schema);
    const { allOf, ...own } = schema;
    return [own, ...allOf].reduce((current: unknown, part: unknown) => walk(current, part, { ...place, taken }), value);
  }
  const types = typesOf(schema);
  const item = { ...place, name: '', taken: undefined };
  if (Array.isArray(value)) return value.map((one) => walk(one, schema.items, item));
  const wantsList = place.options.coerce && types.length === 1 && types[0] === 'array' && value !== null && value !== undefined;
  if (wantsList) return [walk(value, schema.items, item)];
  if (isPlainObject(value)) return object(value, schema, place);
  const fitted = place.options.coerce ? scalar(value, types) : value;
  return typeof fitted === 'string' && types.includes('string') ? text(fitted, schema, place.name, place.options) : fitted;
}

/** The value as the schema would like it. What cannot be made to fit stays as it is, for the check to name. Doing it twice changes nothing more. */
export const normalise = (schema: JsonSchema, value: unknown, options: NormaliseOptions): unknown => walk(value, schema, { name: '', root: schema, options });

/** The schemas that speak of one place: itself, and those it is put together of, each once. */
function partsOf(of: unknown, root: JsonSchema, found = new Set<JsonSchema>()): Set<JsonSchema> {
  const schema = resolve(of, root);
  if (found.has(schema)) return found;
  found.add(schema);
  for (const list of [schema.allOf, schema.anyOf, schema.oneOf]) {
    if (Array.isArray(list)) for (const part of list) partsOf(part, root, found);
  }
  return found;
}

/** Paths (in dots) of fields that the schema does not name, where it names any and does not say that there may be others. */
export const unknownFields = (schema: JsonSchema, value: unknown): string[] => strangers([schema], value, schema, '');

function strangers(of: readonly unknown[], value: unknown, root: JsonSchema, path: string): string[] {
  const found = new Set<JsonSchema>();
  for (const one of of) partsOf(one, root, found);
  const parts = [...found];
  const below = (name: string | number): string => (path === '' ? String(name) : `${path}.${name}`);
  if (Array.isArray(value)) {
    const items = parts.flatMap(({ items }) => (items === undefined ? [] : [items]));
    return value.flatMap((item, index) => strangers(items, item, root, below(index)));
  }
  const named = parts.flatMap(({ properties }) => (isPlainObject(properties) ? [properties] : []));
  const isOpen = parts.some(({ additionalProperties, patternProperties }) => Boolean(additionalProperties) || patternProperties !== undefined);
  if (!isPlainObject(value) || named.length === 0) return [];
  return Object.entries(value).flatMap(([name, item]) => {
    const schemas = named.flatMap((properties) => (Object.hasOwn(properties, name) ? [properties[name]] : []));
    if (schemas.length === 0) return isOpen ? [] : [below(name)];
    return strangers(schemas, item, root, below(name));
  });
}
