import type { FieldError } from '@switchyard/shared/errors.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import { TOO_LARGE, TooMuchWork } from '@switchyard/shared/json-schema/meter.ts';
import { type NormalizeOptions, normalize, unknownFields } from './normalize.ts';

/** What of the input node's params decides whether a body is let in. */
export interface Admission extends NormalizeOptions {
  readonly schema: JsonSchema;
  readonly unknownFields: 'keep' | 'refuse';
}

export type Admitted = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly errors: FieldError[] };

/** Finds what of a value does not fit a schema. */
export type Validate = (schema: JsonSchema, value: unknown) => readonly FieldError[];

/**
 * The border of a workflow: normalizes a body as the input node says and checks it. Used where a request comes in, so that a wrong one is
 * refused with the path of each error before any run exists, and again by the input node. Admitting twice changes nothing.
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
