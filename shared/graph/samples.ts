import { isPlainObject } from '../json.ts';

/** How the test of a sample may end. `rejected`: the input is invalid, so no run starts. */
export const SAMPLE_ENDS = ['succeeded', 'failed', 'rejected'] as const;
export type SampleEnd = (typeof SAMPLE_ENDS)[number];

/** A named input for test runs of a workflow. */
export interface Sample {
  readonly name: string;
  readonly value: unknown;
  /** What the output must have. Undefined: anything. */
  readonly expect?: unknown;
  /** How its test must end. Undefined: `succeeded`. */
  readonly ends?: SampleEnd;
  /** How its test decides reviews, by the key of their node. */
  readonly decisions?: Readonly<Record<string, unknown>>;
}

/** The readable samples in the params of an Input node. */
export function samplesOf(params: unknown): Sample[] {
  const list = isPlainObject(params) && Array.isArray(params.samples) ? params.samples : [];
  return list.map((item, index) => sampleOf(isPlainObject(item) ? item : {}, `Sample ${index + 1}`));
}

function sampleOf({ name, value, expect, ends, decisions }: Record<string, unknown>, unnamed: string): Sample {
  const end = SAMPLE_ENDS.find((one) => one === ends);
  return {
    name: typeof name === 'string' && name.trim() !== '' ? name : unnamed,
    value,
    ...(expect !== undefined && { expect }),
    ...(end && { ends: end }),
    ...(isPlainObject(decisions) && { decisions }),
  };
}
