import { admit } from '@switchyard/nodes/io/admit.ts';
import { inputParams } from '@switchyard/nodes/io/input.ts';
import { AppError, type FieldError } from '@switchyard/shared/errors.ts';
import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';
import { validateJson } from '@switchyard/shared/json-schema/validate.ts';

/** Errors of an input against the params of the Input node, worded as the server reports them. */
export function inputErrors(params: unknown, value: unknown): readonly FieldError[] {
  const read = inputParams.safeParse(params);
  if (!read.success) return [];
  const admitted = admit(read.data, value, fieldErrors);
  return admitted.ok ? [] : admitted.errors;
}

/** An invalid schema is a problem of its node and says nothing about the input. */
function fieldErrors(schema: JsonSchema, value: unknown): readonly FieldError[] {
  try {
    return validateJson(schema, value);
  } catch (thrown) {
    if (thrown instanceof AppError) return [];
    throw thrown;
  }
}

/** How many required fields are present: “2 of 2 required fields”. */
export function describeRequired(schema: unknown, value: unknown): string {
  const required = isPlainObject(schema) && Array.isArray(schema.required) ? schema.required.filter((name) => typeof name === 'string') : [];
  if (required.length === 0) return 'no field is required';
  const there = required.filter((name) => isPlainObject(value) && Object.hasOwn(value, name)).length;
  return `${there} of ${required.length} required ${required.length === 1 ? 'field' : 'fields'}`;
}
