import type { Review } from '@switchyard/shared/contracts/reviews.ts';
import { create } from 'zustand';

/** The person at this browser, as they name themselves. There are no user accounts. */
export interface Reviewer {
  readonly name: string;
  /** Teams whose reviews are theirs too. */
  readonly teams: readonly string[];
}

const KEY = 'switchyard-reviewer';
const NOBODY: Reviewer = { name: '', teams: [] };

function read(): Reviewer {
  try {
    const { name, teams } = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Reviewer>;
    return { name: typeof name === 'string' ? name : '', teams: Array.isArray(teams) ? teams.filter((team) => typeof team === 'string') : [] };
  } catch {
    return NOBODY;
  }
}

/** The name chosen in this browser, empty until chosen. */
export const useReviewer = create<Reviewer>(() => read());

export function chooseReviewer(reviewer: Reviewer): void {
  useReviewer.setState(reviewer, true);
  localStorage.setItem(KEY, JSON.stringify(reviewer));
}

const same = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();

/** Whether a review is for this person: assigned to them, to a team of theirs, or unassigned. Until a name is chosen, all are. */
export const isMine = ({ assignee }: Pick<Review, 'assignee'>, { name, teams }: Reviewer): boolean =>
  assignee === null || (name === '' && teams.length === 0) || [name, ...teams].some((own) => same(own, assignee));
