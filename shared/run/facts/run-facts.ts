import type { ErrorCode } from '../../errors.ts';

/*
 * What a run says about itself once it has ended, for roll-ups and lists (S85): names, counts, and times, never a value. Part of the fold, because
 * the steps of items leave the state. Lists are bounded; the counts next to them are not.
 */

/** A decided review. */
export interface ReviewFact {
  readonly nodeKey: string;
  readonly by: string;
  /** From when the review was opened until it was decided. */
  readonly ms: number;
  /** The reviewer changed the draft. Missing if the decision is too large for the journal. */
  readonly changed?: boolean;
  /** The decision is not the one that the workflow offers first. */
  readonly overrides: boolean;
}

/** A path through an error port, a port for unforeseen cases, a fallback value (`recovery`), or a fallback target (`fallback`). */
export interface ExceptionFact {
  readonly nodeKey: string;
  readonly port: string;
  readonly count: number;
  /** Of the first one. */
  readonly code?: ErrorCode;
}

/** A model that answered calls. */
export interface ServedFact {
  /** `<connection>/<model>`, by the connection’s name. */
  readonly target: string;
  readonly calls: number;
  /** Calls that another target should have answered. */
  readonly fallbacks: number;
  readonly costMicros: number;
}

export interface RunFacts {
  /** How often a person was asked: reviews, interrupted steps, and budgets. */
  readonly reviewsOpened: number;
  /** Decided by a person, and how many of these changed the draft. */
  readonly reviewsDecided: number;
  readonly reviewsChanged: number;
  /** Decisions about reviews and budgets, and how many went against the proposal or passed a budget. */
  readonly asked: number;
  readonly overrides: number;
  /** Spent waiting for people. Waits at the same time are added up. */
  readonly peopleMs: number;
  readonly fallbackServed: number;
  readonly reviews: readonly ReviewFact[];
  readonly exceptions: readonly ExceptionFact[];
  readonly served: readonly ServedFact[];
}

export const NO_FACTS: RunFacts = {
  reviewsOpened: 0,
  reviewsDecided: 0,
  reviewsChanged: 0,
  asked: 0,
  overrides: 0,
  peopleMs: 0,
  fallbackServed: 0,
  reviews: [],
  exceptions: [],
  served: [],
};

/** The facts as stored. Undefined if there are none, as in most runs. */
export function packFacts(facts: RunFacts): string | undefined {
  const known = Object.entries(facts).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : value !== 0));
  return known.length === 0 ? undefined : JSON.stringify(Object.fromEntries(known));
}

/** Runs of earlier versions have none. */
export const readFacts = (packed: string | null | undefined): RunFacts => (packed ? { ...NO_FACTS, ...(JSON.parse(packed) as Partial<RunFacts>) } : NO_FACTS);
