import { type Evidence, NO_EVIDENCE, sumOf } from './evidence.ts';
import { FIRST_LOOK, type GroupState, type Looked, look, type Rules } from './group.ts';

/* Groups that are too rare for evidence of their own are judged together (S84). */

/** With this many labels in all, a group with fewer than FIRST_LOOK is rare: less than one in twenty. */
const FROM_LABELS = 20 * FIRST_LOOK;

/** What was seen of rare groups together. */
export type RareState = Pick<GroupState, 'lookedAt' | 'looks' | 'proposal'>;
export const NO_RARE_GROUPS: RareState = { lookedAt: 0, looks: 0, proposal: null };

/** The groups that are rare, and that a person sees whole. */
export function rareGroups<T extends { readonly state: GroupState }>(groups: readonly T[]): readonly T[] {
  const all = groups.reduce((sum, { state }) => sum + state.evidence.labels, 0);
  return all < FROM_LABELS ? [] : groups.filter(({ state }) => state.share === 100 && state.evidence.labels > 0 && state.evidence.labels < FIRST_LOOK);
}

export const evidenceOf = (groups: readonly { readonly state: GroupState }[]): Evidence =>
  groups.reduce((sum, { state }) => sumOf(sum, state.evidence), NO_EVIDENCE);

/** Looks at rare groups together, if a look is due. */
export function lookAtRare(rare: RareState, groups: readonly { readonly state: GroupState }[], rules: Rules): RareState {
  const members = rareGroups(groups);
  if (members.length < 2) return { ...rare, proposal: null };
  const looked: Looked = { ...rare, share: 100, evidence: evidenceOf(members) };
  const { lookedAt, looks, proposal } = look(looked, rules);
  return { lookedAt, looks, proposal };
}
