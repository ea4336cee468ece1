import type { DrawnReview } from '@switchyard/shared/run/events.ts';
import { asNumber, asText } from '../sdk/as-value.ts';
import type { NodeContext } from '../sdk/context.ts';
import type { ReviewParams } from './review-task.ts';

/* Whether a person sees a review (S84). Drawn before its content is seen, and journaled, so that reruns and replays decide the same. */

const LONGEST_GROUP = 100;
/** The name of the only group of a node that doesn’t tell its reviews apart. */
export const ALL_REVIEWS = 'all reviews';

export interface Seen {
  /** Whether a person sees it. */
  readonly person: boolean;
  /** How it was drawn, if its decision counts. */
  readonly drawn?: DrawnReview;
}

/** Undefined for a node whose reviews a person always sees. */
export async function whoSees({ authority }: ReviewParams, context: NodeContext): Promise<Seen | undefined> {
  if (!authority) return undefined;
  const group = asText(authority.group).trim().slice(0, LONGEST_GROUP) || ALL_REVIEWS;
  const { share, position, counts } = await context.authority(group);
  // A person asked for another draft.
  if (!counts || context.round > 1) return { person: true };
  const { mode, floor, percent, locked } = authority;
  if (mode === 'exceptions' && context.evaluate(authority.exceptions) !== false) return { person: true };
  const own = mode === 'all' ? 100 : mode === 'sample' ? percent : floor;
  const seen = locked.includes(group) ? 100 : Math.max(floor, share ?? own);
  const confidence = asNumber(authority.confidence);
  const isConfidence = confidence !== undefined && confidence >= 0 && confidence <= 1;
  return { person: position < seen, drawn: { group, probability: seen / 100, ...(isConfidence && { confidence }) } };
}
