import { admit } from '@switchyard/nodes/io/admit.ts';
import { inputParams } from '@switchyard/nodes/io/input.ts';
import { AppError, type FieldError } from '@switchyard/shared/errors.ts';
import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';
import { validateJson } from '@switchyard/shared/json-schema/validate.ts';

/** What of an input does not fit the params of the input node, as the server will say it. */
export function inputErrors(params: unknown, value: unknown): readonly FieldError[] {
  const read = inputParams.safeParse(params);
  if (!read.success) return [];
  const admitted = admit(read.data, value, fieldErrors);
  return admitted.ok ? [] : admitted.errors;
}

/** A schema that is not valid is a problem of its node. It says nothing about the input. */
function fieldErrors(schema: JsonSchema, value: unknown): readonly FieldError[] {
  try {
    return validateJson(schema, value);
  } catch (thrown) {
    if (thrown instanceof AppError) return [];
    throw thrown;
  }
}

/** How much of what is required is there: "2 of 2 required fields". */
export function requiredWords(schema: unknown, value: unknown): string {
  const required = isPlainObject(schema) && Array.isArray(schema.required) ? schema.required.filter((name) => typeof name === 'string') : [];
  if (required.length === 0) return 'no field is required';
  const there = required.filter((name) => isPlainObject(value) && Object.hasOwn(value, name)).length;
  return `${there} of ${required.length} required ${required.length === 1 ? 'field' : 'fields'}`;
}
