import { LRUCache } from 'lru-cache';
import { AppError, type FieldError } from '../errors.ts';
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

/** Approximate memory of a compiled schema, per character of its JSON and per step of its patterns. */
const BYTES_PER_CHARACTER = 40;
const BYTES_PER_STEP = 90;
/** With more steps, a check takes far more memory than its schema, so it isn't kept as long. */
const FEW_STEPS = 200;

/** Most schemas are the same object each time, because a version's graph is read once. */
const byObject = new WeakMap<JsonSchema, Check>();
const byText = new LRUCache<string, Check>({ max: 200, maxSize: 6_000_000 });

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
  const check = byText.get(text) ?? compile(schema);
  const { patternSteps } = readSchema(schema);
  byText.set(text, check, { size: BYTES_PER_CHARACTER * text.length + BYTES_PER_STEP * patternSteps });
  if (patternSteps <= FEW_STEPS) byObject.set(schema, check);
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
