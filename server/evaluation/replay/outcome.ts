import { OUTCOMES, type Outcome, type RunComparison } from '@switchyard/shared/contracts/evaluation/replays.ts';

/** How a replay went, in one word: the most serious that is true (S82a). */
export function outcomeOf({ before, after, verdict, stops }: RunComparison): Outcome {
  if (after.status !== 'succeeded' && after.error !== 'stopped') return before.status === after.status && before.error === after.error ? verdict : 'failed';
  const reasons = new Set(stops.map(({ why }) => why));
  if (reasons.has('would-call') || reasons.has('would-wait')) return 'effect';
  if (reasons.has('would-ask')) return 'person';
  return reasons.has('over-cost') ? 'over-cost' : verdict;
}

/** Sorts results as text: the most serious outcome first, then the newest run. */
export const placeOf = (outcome: Outcome, index: number): string => `${OUTCOMES.indexOf(outcome)}:${String(index).padStart(6, '0')}`;
