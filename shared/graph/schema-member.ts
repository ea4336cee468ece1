import { isPlainObject, type JsonSchema } from '../json.ts';

/** What a JSON Schema says about a member of its values. */
export type Member =
  | { readonly kind: 'known'; readonly schema: JsonSchema }
  /** The schema says nothing about it. */
  | { readonly kind: 'open' }
  /** The schema names members, and this is none of them. `closed`: there can be no others. `names` are those there are. */
  | { readonly kind: 'unknown'; readonly closed: boolean; readonly names: readonly string[] }
  /** The values have no members by name: they are lists, text or numbers. */
  | { readonly kind: 'no-object'; readonly type: string };

const OPEN: Member = { kind: 'open' };

/** Looks a member up. `root` is the schema that `$ref` refers into. */
export function memberOf(schema: unknown, name: string, root: JsonSchema): Member {
  const resolved = resolve(schema, root);
  if (!resolved) return OPEN;
  const choices = [resolved.anyOf, resolved.oneOf].find(Array.isArray) as unknown[] | undefined;
  if (choices) return best(choices.map((choice) => memberOf(choice, name, root)));
  if (Array.isArray(resolved.allOf))
    return all([memberOf(without(resolved, 'allOf'), name, root), ...resolved.allOf.map((part) => memberOf(part, name, root))]);
  return ownMember(resolved, name);
}

function ownMember(schema: JsonSchema, name: string): Member {
  const properties = isPlainObject(schema.properties) ? schema.properties : {};
  if (Object.hasOwn(properties, name)) return { kind: 'known', schema: asSchema(properties[name]) };
  const types = typesOf(schema);
  if (types.length > 0 && !types.includes('object')) return { kind: 'no-object', type: types.find((type) => type !== 'null') ?? 'null' };
  if (isPlainObject(schema.patternProperties)) return OPEN;
  if (isPlainObject(schema.additionalProperties)) return { kind: 'known', schema: schema.additionalProperties };
  const names = Object.keys(properties);
  const closed = schema.additionalProperties === false;
  return closed || names.length > 0 ? { kind: 'unknown', closed, names } : OPEN;
}

const asSchema = (value: unknown): JsonSchema => (isPlainObject(value) ? value : {});

export function typesOf(schema: JsonSchema): string[] {
  if (typeof schema.type === 'string') return [schema.type];
  return Array.isArray(schema.type) ? schema.type.filter((type) => typeof type === 'string') : [];
}

/** Follows `$ref` within the document; undefined for `true` and for what cannot be followed. */
function resolve(schema: unknown, root: JsonSchema): JsonSchema | undefined {
  let current = schema;
  for (let hops = 0; hops < 20; hops++) {
    if (!isPlainObject(current)) return undefined;
    if (typeof current.$ref !== 'string') return current;
    current = at(root, current.$ref);
  }
  return undefined;
}

function at(root: JsonSchema, reference: string): unknown {
  if (!reference.startsWith('#')) return undefined;
  let value: unknown = root;
  for (const part of reference.slice(1).split('/').filter(Boolean)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    value = isPlainObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value;
}

function without(schema: JsonSchema, keyword: string): JsonSchema {
  const { [keyword]: _dropped, ...rest } = schema;
  return rest;
}

/** The value fits one of several schemas: a member is there if one of them has it. */
function best(members: readonly Member[]): Member {
  const known = members.filter((member) => member.kind === 'known');
  if (known.length > 0) return { kind: 'known', schema: known.length === 1 ? asSchema(known[0]?.schema) : { anyOf: known.map((member) => member.schema) } };
  if (members.some((member) => member.kind === 'open')) return OPEN;
  const unknown = members.filter((member) => member.kind === 'unknown');
  if (unknown.length === 0) return members[0] ?? OPEN;
  return { kind: 'unknown', closed: unknown.every((member) => member.closed), names: unknown.flatMap((member) => member.names) };
}

/** The value fits several schemas at once. */
function all(members: readonly Member[]): Member {
  const known = members.find((member) => member.kind === 'known');
  if (known) return known;
  const unknown = members.filter((member) => member.kind === 'unknown');
  if (unknown.length === 0) return members.find((member) => member.kind === 'no-object') ?? OPEN;
  return { kind: 'unknown', closed: unknown.some((member) => member.closed), names: unknown.flatMap((member) => member.names) };
}
