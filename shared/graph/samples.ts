import { isPlainObject } from '../json.ts';

/** A named input for test runs of a workflow. */
export interface Sample {
  readonly name: string;
  readonly value: unknown;
  /** What the output must have. Undefined: anything. */
  readonly expect?: unknown;
}

/** The readable samples in the params of an Input node. */
export function samplesOf(params: unknown): Sample[] {
  const list = isPlainObject(params) && Array.isArray(params.samples) ? params.samples : [];
  return list.map((item, index) => ({
    name: isPlainObject(item) && typeof item.name === 'string' && item.name.trim() !== '' ? item.name : `Sample ${index + 1}`,
    value: isPlainObject(item) ? item.value : undefined,
    ...(isPlainObject(item) && item.expect !== undefined && { expect: item.expect }),
  }));
}
