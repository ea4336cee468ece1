import { PAIR_OUTCOMES } from '@switchyard/shared/evaluation/choices.ts';

export const SHOWN = [...PAIR_OUTCOMES, 'left-out', 'graded', 'errored', 'stopped'] as const;
export type Shown = (typeof SHOWN)[number];

/** What the page of an experiment shows. */
export interface ExperimentSearch {
  /** The experiment that it is compared with. */
  readonly with?: string | undefined;
  readonly show?: Shown | undefined;
  /** The selected item, by its place in the experiment. */
  readonly item?: number | undefined;
}

/** Reads the URL and ignores invalid values. */
export function readExperimentSearch(raw: Record<string, unknown>): ExperimentSearch {
  const item = Number(raw.item);
  const show = SHOWN.find((one) => one === raw.show);
  return {
    ...(typeof raw.with === 'string' && raw.with !== '' && { with: raw.with }),
    ...(show && { show }),
    ...(raw.item !== undefined && Number.isInteger(item) && item >= 0 && { item }),
  };
}
