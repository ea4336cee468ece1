import type { FieldPath, ParamIssue } from '../graph/node-kind.ts';
import { isPlainObject } from '../json.ts';
import { subschemas } from './subschemas.ts';

/** The longest chain of schemas that apply to one value. */
const LONGEST_ROW = 100;
/** How many schemas may apply to one value, each counted once per reference to it. */
const MOST_AT_ONCE = 2_000;

/** How many schemas a schema combines: the longest chain of references, and the total. */
interface Reach {
  readonly row: number;
  readonly all: number;
}

const NOTHING: Reach = { row: 0, all: 0 };

/**
 * Finds a schema that would take forever to check one value against because it includes itself or too many others. Visits each schema once.
 */
export function endlessIssues(root: unknown, places: ReadonlyMap<unknown, FieldPath>, target: (reference: unknown) => unknown): ParamIssue[] {
  const reaches = new Map<unknown, Reach | 'open'>();
  let wrong: ParamIssue | undefined;
  const refuse = (schema: unknown, message: string, suggestion: string): Reach => {
    wrong ??= { path: places.get(schema) ?? [], message, suggestion };
    return NOTHING;
  };
  const tooMany = (schema: unknown): Reach =>
    refuse(schema, 'Too many schemas apply to one value here', 'Use fewer references in "allOf", "anyOf", and "oneOf"');

  const reachOf = (schema: unknown, depth: number): Reach => {
    if (!isPlainObject(schema) || wrong) return NOTHING;
    const known = reaches.get(schema);
    if (known === 'open') return refuse(schema, 'The schema refers to itself endlessly', 'Refer to it from one of its fields or items instead');
    if (known) return known;
    if (depth > LONGEST_ROW) return tooMany(schema);
    reaches.set(schema, 'open');
    const parts = subschemas(schema).flatMap((one) => (one.inPlace ? [one.schema] : []));
    if (schema.$ref !== undefined) parts.push(target(schema.$ref));
    let [row, all] = [0, 1];
    for (const part of parts) {
      const reach = reachOf(part, depth + 1);
      row = Math.max(row, 1 + reach.row);
      all += reach.all;
    }
    if (row > LONGEST_ROW || all > MOST_AT_ONCE) return tooMany(schema);
    reaches.set(schema, { row, all });
    return { row, all };
  };

  for (const schema of [root, ...places.keys()]) reachOf(schema, 0);
  return wrong ? [wrong] : [];
}
