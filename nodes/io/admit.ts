import type { FieldError } from '@switchyard/shared/errors.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import { TOO_LARGE, TooMuchWork } from '@switchyard/shared/json-schema/meter.ts';
import { type NormalizeOptions, normalize, unknownFields } from './normalize.ts';

/** The params of the Input node that decide whether a body is accepted. */
export interface Admission extends NormalizeOptions {
  readonly schema: JsonSchema;
  readonly unknownFields: 'keep' | 'refuse';
}

export type Admitted = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly errors: FieldError[] };

/** Returns how a value doesn't match a schema. */
export type Validate = (schema: JsonSchema, value: unknown) => readonly FieldError[];

/**
 * The entry of a workflow: normalizes a body as the Input node says and validates it. Used where a request arrives, so an invalid one is
 * rejected with the path of each error before any run exists, and again by the Input node. Admitting twice changes nothing.
 */
export function admit(admission: Admission, body: unknown, validate: Validate): Admitted {
  try {
    const value = normalize(admission.schema, body, admission);
    const unknown = admission.unknownFields === 'refuse' ? unknownFields(admission.schema, value) : [];
    const errors = [
      ...unknown.map((path) => ({ path, message: 'is not a field of this workflow’s input' })),
      ...validate(admission.schema, value).filter(({ path }) => !unknown.includes(path)),
    ];
    return errors.length > 0 ? { ok: false, errors } : { ok: true, value };
  } catch (thrown) {
    if (thrown instanceof TooMuchWork) return { ok: false, errors: [{ path: '', message: TOO_LARGE }] };
    throw thrown;
  }
}
