import { AppError, type FieldError } from '@switchyard/shared/errors.ts';
import { linearPattern } from '@switchyard/shared/expression/linear-pattern.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formatsPlugin from 'ajv-formats';
import { keywordWords } from './keyword-words.ts';
import { uniqueItems } from './unique-items.ts';

/** More errors than this help nobody. */
const MAX_ERRORS = 20;
const CACHE_SIZE = 200;

/** Patterns of a schema, and what they are held against, come from outside: they must not be able to stop this process. */
const pattern = (source: string) => {
  const compiled = linearPattern(source);
  return { test: (text: string) => compiled.matcher(text).find(), toString: () => source };
};
const regExp = Object.assign(pattern, { code: 'linearPattern' });

/** Compiled schemas by their JSON text, the least recently used first. */
const compiled = new Map<string, ValidateFunction>();

function compile(schema: JsonSchema): ValidateFunction {
  // One instance per schema: an `$id` that two schemas share must not make the second one fail, and nothing outlives the cache.
  const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false, validateFormats: true, ownProperties: true, code: { regExp } });
  formatsPlugin.default(ajv);
  ajv.removeKeyword('uniqueItems').addKeyword(uniqueItems);
  // The dialect is ours to decide: an older `$schema` must not be looked up.
  const { $schema: _dialect, ...rest } = schema;
  try {
    return ajv.compile(rest);
  } catch (cause) {
    throw new AppError('bad-request', `This JSON Schema is not valid: ${cause instanceof Error ? cause.message : String(cause)}. Correct the schema.`, {
      cause,
    });
  }
}

function validatorOf(schema: JsonSchema): ValidateFunction {
  const key = JSON.stringify(schema);
  const validate = compiled.get(key) ?? compile(schema);
  compiled.delete(key);
  compiled.set(key, validate);
  const [oldest] = compiled.keys();
  if (compiled.size > CACHE_SIZE && oldest !== undefined) compiled.delete(oldest);
  return validate;
}

const pathOf = (pointer: string): string =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.');

const under = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

function toFieldError({ keyword, instancePath, params, message }: ErrorObject): FieldError {
  const path = pathOf(instancePath);
  if (keyword === 'required') return { path: under(path, String(params.missingProperty)), message: 'is missing' };
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') {
    return { path: under(path, String(params.additionalProperty ?? params.unevaluatedProperty)), message: 'is not expected here' };
  }
  return { path, message: keywordWords(keyword, params) ?? message ?? 'is not valid' };
}

/** What of `value` does not fit the JSON Schema (draft 2020-12), at most 20 errors; empty when all does. Throws `bad-request` for an invalid schema. */
export function validateJson(schema: JsonSchema, value: unknown): FieldError[] {
  const validate = validatorOf(schema);
  try {
    return validate(value) ? [] : (validate.errors ?? []).slice(0, MAX_ERRORS).map(toFieldError);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new AppError('bad-request', 'This JSON Schema is not valid: it refers to itself without an end. Correct the schema.', { cause });
  }
}
