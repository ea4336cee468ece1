import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';
import { isOfFormat } from '@switchyard/shared/json-schema/formats.ts';

/*
 * Infers a JSON Schema from samples. Invariant: a schema accepts every sample it was inferred from.
 */

const DEEPEST = 20;
/** Parts of the samples beyond this many get the open schema `{}`. */
const MOST_PARTS = 1_000;
/** An object with more fields is a map with variable names. */
const MOST_FIELDS = 200;
/** The formats worth recognizing. */
const FORMATS = ['date-time', 'date', 'email'];

interface InferOptions {
  /** Requires the fields that all of several samples have with a value other than null. */
  readonly requireShared?: boolean;
}

interface Inference extends Required<InferOptions> {
  parts: number;
}

function ofTexts(texts: readonly string[]): JsonSchema {
  const format = FORMATS.find((name) => texts.every((text) => isOfFormat(name, text)));
  return format ? { type: 'string', format } : { type: 'string' };
}

function ofObjects(objects: readonly Record<string, unknown>[], depth: number, inference: Inference): JsonSchema {
  const byName = new Map<string, unknown[]>();
  for (const object of objects) {
    for (const [name, value] of Object.entries(object)) {
      const values = byName.get(name);
      if (values) values.push(value);
      else byName.set(name, [value]);
    }
  }
  if (byName.size > MOST_FIELDS) return { type: 'object' };
  const properties = [...byName].map(([name, values]) => [name, infer(values, depth + 1, inference)] as const);
  const shared = [...byName].filter(([, values]) => values.length === objects.length && values.every((value) => value !== null));
  const isRequired = inference.requireShared && objects.length > 1 && shared.length > 0;
  return { type: 'object', properties: Object.fromEntries(properties), ...(isRequired && { required: shared.map(([name]) => name) }) };
}

const isList = (value: unknown): value is unknown[] => Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';

/** The schema of values that are not null. */
function ofValues(values: readonly unknown[], depth: number, inference: Inference): JsonSchema {
  if (values.every(isList)) return { type: 'array', items: infer(values.flat(), depth + 1, inference) };
  if (values.every(isPlainObject)) return ofObjects(values, depth, inference);
  if (values.every(isText)) return ofTexts(values);
  const kinds = [...new Set(values.map((value) => typeof value))];
  if (kinds.includes('object')) return {};
  return { type: kinds.length === 1 ? kinds[0] : kinds };
}

/** One schema for several values of the same place. {} (anything) if they have too little in common. */
function infer(values: readonly unknown[], depth: number, inference: Inference): JsonSchema {
  const known = values.filter((value) => value !== null && value !== undefined);
  if (known.length === 0 || depth > DEEPEST || ++inference.parts > MOST_PARTS) return {};
  const schema = ofValues(known, depth, inference);
  if (known.length === values.length || schema.type === undefined) return schema;
  return { ...schema, type: [...[schema.type].flat(), 'null'] };
}

/** The schema of samples. Fields are optional unless `requireShared` is set. A place where all samples are null is not restricted. */
export const inferSchema = (samples: readonly unknown[], { requireShared = false }: InferOptions = {}): JsonSchema =>
  infer(samples, 0, { requireShared, parts: 0 });
