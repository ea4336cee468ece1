import type { Reference } from '../../expression/references.ts';
import type { JsonSchema } from '../../json.ts';
import type { Meter } from '../../json-schema/meter.ts';
import { memberOf, typesOf } from '../schema-member.ts';

const DEFAULTS: Readonly<Record<string, string>> = { string: '""', number: '0', integer: '0', boolean: 'false', array: '[]', object: '{}' };

const IDENTIFIER = /^[A-Za-z_]\w*$/;

/** A reference rewritten so that it may be missing from a member on: `steps.?prompt.?text.orValue("")`. */
export function optionalText({ root, path }: Reference, from: number, schema: JsonSchema): string {
  const members = path.map((name, index) => {
    const mark = index >= from ? '?' : '';
    return IDENTIFIER.test(name) ? `.${mark}${name}` : `[${mark}${JSON.stringify(name)}]`;
  });
  return `${root}${members.join('')}.orValue(${defaultFor(schema)})`;
}

const defaultFor = (schema: JsonSchema): string => DEFAULTS[typesOf(schema)[0] ?? ''] ?? '""';

/** The schema of what a reference reads. Empty if unknown. */
export function schemaAt(path: readonly string[], schema: JsonSchema, meter: Meter): JsonSchema {
  let current = schema;
  for (const name of path) {
    const member = memberOf(current, name, { root: schema, meter });
    if (member.kind !== 'known') return {};
    current = member.schema;
  }
  return current;
}

/** The first member of a path that its schema names but does not require. Undefined if all are required or nothing is known. */
export function optionalMember(path: readonly string[], schema: JsonSchema, meter: Meter): number | undefined {
  let current = schema;
  for (const [index, name] of path.entries()) {
    const member = memberOf(current, name, { root: schema, meter });
    if (member.kind !== 'known') return undefined;
    const isPlain = current.properties !== undefined && current.anyOf === undefined && current.allOf === undefined && current.$ref === undefined;
    if (isPlain && !isRequired(current.required, name, meter) && member.schema.default === undefined) return index;
    current = member.schema;
  }
  return undefined;
}

/** Checking a list of names takes as much work as it has names. */
function isRequired(required: unknown, name: string, meter: Meter): boolean {
  if (!Array.isArray(required)) return false;
  meter.spend(required.length >> 3);
  return required.includes(name);
}
