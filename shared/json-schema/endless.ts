import type { FieldPath, ParamIssue } from '../graph/node-kind.ts';
import { isPlainObject } from '../json.ts';
import { subschemas } from './subschemas.ts';

/** How many schemas in a row may be about one value. */
const LONGEST_ROW = 100;
/** How many schemas may be about one value altogether, each counted as often as references lead to it. */
const MOST_AT_ONCE = 2_000;

/** How many schemas a schema puts together: the longest row of references, and all of them. */
interface Reach {
  readonly row: number;
  readonly all: number;
}

const NOTHING: Reach = { row: 0, all: 0 };

/** Finds a schema that would take forever to check one value against: put together of itself, or of too many. Looks at each schema once. */
export function endlessIssues(root: unknown, places: ReadonlyMap<unknown, FieldPath>, target: (reference: unknown) => unknown): ParamIssue[] {
  const reaches = new Map<unknown, Reach | 'open'>();
  let wrong: ParamIssue | undefined;
  const refuse = (schema: unknown, message: string, suggestion: string): Reach => {
    wrong ??= { path: places.get(schema) ?? [], message, suggestion };
    return NOTHING;
  };
  const tooMany = (schema: unknown): Reach =>
    refuse(schema, 'Too many schemas are put together here to check one value', 'Use fewer references in "allOf", "anyOf" and "oneOf"');

  const reachOf = (schema: unknown, depth: number): Reach => {
    if (!isPlainObject(schema) || wrong) return NOTHING;
    const known = reaches.get(schema);
    if (known === 'open') return refuse(schema, 'The schema refers to itself without an end', 'Refer to it from one of its fields or items');
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
