import { isPlainObject, type JsonSchema } from '../json.ts';
import type { Meter } from '../json-schema/meter.ts';
import { followed } from '../json-schema/references.ts';

/** What a JSON Schema says about a member of its values. */
export type Member =
  | { readonly kind: 'known'; readonly schema: JsonSchema }
  /** The schema says nothing about it. */
  | { readonly kind: 'open' }
  /** The schema names its members, and this is not one of them. `closed`: no others are allowed. `names` lists the members. */
  | { readonly kind: 'unknown'; readonly closed: boolean; readonly names: readonly string[] }
  /** The values have no named members: they are lists, text, or numbers. */
  | { readonly kind: 'no-object'; readonly type: string };

const OPEN: Member = { kind: 'open' };

/** The maximum number of schemas to look into. */
const DEEPEST = 100;

/** Where to look. */
interface Schemas {
  /** The schema that `$ref` refers into. */
  readonly root: JsonSchema;
  readonly meter: Meter;
}

/** One lookup: what each schema says about the member. References may lead to the same schema many times. */
interface LookUp extends Schemas {
  readonly name: string;
  readonly known: Map<JsonSchema, Member>;
}

/** Looks up a member. Throws TooMuchWork. */
export const memberOf = (schema: unknown, name: string, schemas: Schemas): Member => lookUp(schema, { ...schemas, name, known: new Map() }, 0);

function lookUp(schema: unknown, search: LookUp, depth: number): Member {
  search.meter.spend(workOf(schema));
  const resolved = followed(schema, search.root);
  const known = search.known.get(resolved);
  if (known) return known;
  if (depth > DEEPEST) return OPEN;
  // A schema that refers to itself endlessly says nothing.
  search.known.set(resolved, OPEN);
  const member = memberIn(resolved, search, depth);
  search.known.set(resolved, member);
  return member;
}

const WORK_OF_ONE = 10;

/** A reference is read from its first letter to its last. */
const workOf = (schema: unknown): number => WORK_OF_ONE + (isPlainObject(schema) && typeof schema.$ref === 'string' ? schema.$ref.length : 0);

function memberIn(resolved: JsonSchema, search: LookUp, depth: number): Member {
  const choices = [resolved.anyOf, resolved.oneOf].find(Array.isArray) as unknown[] | undefined;
  if (choices)
    return best(
      choices.map((choice) => lookUp(choice, search, depth + 1)),
      search.meter,
    );
  if (!Array.isArray(resolved.allOf)) return ownMember(resolved, search);
  return all([ownMember(resolved, search), ...resolved.allOf.map((part) => lookUp(part, search, depth + 1))], search.meter);
}

function ownMember(schema: JsonSchema, { name, meter }: LookUp): Member {
  const properties = isPlainObject(schema.properties) ? schema.properties : {};
  if (Object.hasOwn(properties, name)) return { kind: 'known', schema: asSchema(properties[name]) };
  if (Array.isArray(schema.type)) meter.spend(schema.type.length);
  const types = typesOf(schema);
  if (types.length > 0 && !types.includes('object')) return { kind: 'no-object', type: types.find((type) => type !== 'null') ?? 'null' };
  if (isPlainObject(schema.patternProperties)) return OPEN;
  if (isPlainObject(schema.additionalProperties)) return { kind: 'known', schema: schema.additionalProperties };
  const names = namesIn(properties);
  const closed = schema.additionalProperties === false;
  return closed || names.length > 0 ? { kind: 'unknown', closed, names } : OPEN;
}

const namesOfProperties = new WeakMap<object, readonly string[]>();

/** Schemas may have thousands of properties, looked up for each of thousands of references. */
function namesIn(properties: object): readonly string[] {
  const names = namesOfProperties.get(properties) ?? Object.keys(properties);
  namesOfProperties.set(properties, names);
  return names;
}

const asSchema = (value: unknown): JsonSchema => (isPlainObject(value) ? value : {});

export function typesOf(schema: JsonSchema): string[] {
  if (typeof schema.type === 'string') return [schema.type];
  return Array.isArray(schema.type) ? schema.type.filter((type) => typeof type === 'string') : [];
}

function namesOf(members: readonly Extract<Member, { kind: 'unknown' }>[], meter: Meter): string[] {
  for (const { names } of members) meter.spend(names.length);
  return [...new Set(members.flatMap(({ names }) => names))];
}

/** The value matches one of several schemas: a member may exist if one of them has it. */
function best(members: readonly Member[], meter: Meter): Member {
  const known = members.filter((member) => member.kind === 'known');
  if (known.length > 0) return { kind: 'known', schema: known.length === 1 ? asSchema(known[0]?.schema) : { anyOf: known.map((member) => member.schema) } };
  if (members.some((member) => member.kind === 'open')) return OPEN;
  const unknown = members.filter((member) => member.kind === 'unknown');
  if (unknown.length === 0) return members[0] ?? OPEN;
  return { kind: 'unknown', closed: unknown.every((member) => member.closed), names: namesOf(unknown, meter) };
}

/** The value matches several schemas at once. */
function all(members: readonly Member[], meter: Meter): Member {
  const known = members.find((member) => member.kind === 'known');
  if (known) return known;
  const unknown = members.filter((member) => member.kind === 'unknown');
  if (unknown.length === 0) return members.find((member) => member.kind === 'no-object') ?? OPEN;
  return { kind: 'unknown', closed: unknown.some((member) => member.closed), names: namesOf(unknown, meter) };
}
