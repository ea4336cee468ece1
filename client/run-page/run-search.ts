import { parseAddress } from '@switchyard/shared/run/address.ts';

/** The search params of the page of a run. */
export interface RunSearch {
  /** The ID of the step that is shown first. */
  readonly step?: string;
}

/** Reads the URL and ignores what names no step. */
export function readRunSearch({ step }: Record<string, unknown>): RunSearch {
  return typeof step === 'string' && parseAddress(step)?.kind === 'step' ? { step } : {};
}
