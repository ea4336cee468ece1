import { AppError, type FieldError } from '../errors.ts';
import { LruCache } from '../expression/lru.ts';
import type { JsonSchema } from '../json.ts';
import { Compiler } from './compiler.ts';
import { Meter, TOO_LARGE, TooMuchWork } from './meter.ts';
import { readSchema } from './schema-issues.ts';
import { type Check, Visit } from './visit.ts';

/*
 * JSON Schema (draft 2020-12) for values and schemas from outside, on server and page (docs/decisions/0016).
 * Invariants: 1. A schema without `schemaIssues` compiles. 2. Reading, compiling, and validating are synchronous, and their work is
 * bounded. 3. At most 20 errors, of bounded length, are returned.
 */

const CACHE_SIZE = 200;
/** A longer schema is cached only as long as its object exists, which bounds the cache's memory. */
const LONGEST_CACHED = 20_000;

/** Most schemas are the same object each time, because a version's graph is read once. */
const byObject = new WeakMap<JsonSchema, Check>();
const byText = new LruCache<Check>(CACHE_SIZE);

function compile(schema: JsonSchema): Check {
  const { issues, anchors } = readSchema(schema);
  const [issue] = issues;
  if (!issue) return new Compiler(schema, anchors).compile(schema);
  const place = issue.path.length > 0 ? ` at ${issue.path.join('.').slice(0, 200)}` : '';
  throw new AppError('bad-request', `Invalid JSON Schema${place}: ${issue.message}. Fix the schema.`);
}

function checkOf(schema: JsonSchema): Check {
  const known = byObject.get(schema);
  if (known) return known;
  const text = JSON.stringify(schema);
  const check = text.length > LONGEST_CACHED ? compile(schema) : byText.get(text, () => compile(schema));
  byObject.set(schema, check);
  return check;
}

/**
 * Validates a value. Returns at most 20 errors, or none if it is valid. Throws `bad-request` for an invalid schema. Several validations may
 * share a meter.
 */
export function validateJson(schema: JsonSchema, value: unknown, meter = new Meter()): FieldError[] {
  const check = checkOf(schema);
  const visit = new Visit(meter);
  try {
    check(value, visit);
    return visit.errors;
  } catch (thrown) {
    if (!(thrown instanceof TooMuchWork) && !(thrown instanceof RangeError)) throw thrown;
    return [{ path: '', message: TOO_LARGE }];
  }
}
