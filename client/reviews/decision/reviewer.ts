import type { Review } from '@switchyard/shared/contracts/reviews.ts';
import { create } from 'zustand';

/** Who sits at this browser, in their own words: there are no users yet. */
export interface Reviewer {
  readonly name: string;
  /** Teams whose tasks are theirs too. */
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

/** The name that this browser chose; empty until it has. */
export const useReviewer = create<Reviewer>(() => read());

export function chooseReviewer(reviewer: Reviewer): void {
  useReviewer.setState(reviewer, true);
  localStorage.setItem(KEY, JSON.stringify(reviewer));
}

const same = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();

/** Whether a task is for this person: given to them or a team of theirs, or to nobody. Until a name is chosen, all are. */
export const isMine = ({ assignee }: Pick<Review, 'assignee'>, { name, teams }: Reviewer): boolean =>
  assignee === null || (name === '' && teams.length === 0) || [name, ...teams].some((own) => same(own, assignee));
