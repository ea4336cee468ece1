/* The idempotency key of a run of an experiment: it says which trial of which item the run is (S82). */

const KEY = 'experiment';

interface Trial {
  readonly experimentId: string;
  /** The item’s place in the experiment. */
  readonly index: number;
  readonly trial: number;
  readonly attempt: number;
}

export const trialKey = ({ experimentId, index, trial, attempt }: Trial): string => [KEY, experimentId, index, trial, attempt].join(':');

/** The item that a run was made for. Undefined for other runs. */
export function itemOfKey(key: string | null): Pick<Trial, 'experimentId' | 'index'> | undefined {
  const [kind, experimentId, index, ...rest] = key?.split(':') ?? [];
  return kind === KEY && experimentId !== undefined && index !== undefined && rest.length === 2 ? { experimentId, index: Number(index) } : undefined;
}
