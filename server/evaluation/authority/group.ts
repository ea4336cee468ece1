import { type Cusum, nextSum, tuneCusum } from './cusum.ts';
import { type DrawnLabel, type Evidence, foundRate, NO_EVIDENCE, upperBound, withLabel, withLateError } from './evidence.ts';

/*
 * How much of a group a person sees, decided label by label (S84). Less review is only proposed, at looks that double; more review comes at
 * once, by a CUSUM. Invariants: 1. Over all groups and looks, the chance that a group above the target is ever proposed for less review is at
 * most ALPHA. 2. A group that a person sees whole is never narrowed. Pure: the state is plain data.
 */

export const ALPHA = 0.05;
export const FIRST_LOOK = 60;
/** Shares that can be proposed, in percent, and how far below the target the bound must be for them. The last one is the floor. */
const STEPS = [
  { share: 60, within: 1 },
  { share: 30, within: 0.9 },
  { share: 10, within: 0.75 },
  { share: 0, within: 0.6 },
] as const;
/** The confidence of the rate that counts as normal. */
const NORMAL_ALPHA = 0.2;

export interface Proposal {
  /** What a person would see, in percent. */
  readonly share: number;
  /** The rate of errors is at most this. */
  readonly bound: number;
  readonly labels: number;
  readonly wrong: number;
}

export interface GroupState {
  /** What a person sees, in percent. */
  readonly share: number;
  /** Of the labels since the group last went back to full review. */
  readonly evidence: Evidence;
  /** Labels at the last look. */
  readonly lookedAt: number;
  /** Looks that have used some of ALPHA, since ever. */
  readonly looks: number;
  /** Watches for a risen rate, once less was accepted. */
  readonly cusum: Cusum | null;
  readonly sum: number;
  readonly proposal: Proposal | null;
}

export const newGroup = (): GroupState => ({ share: 100, evidence: NO_EVIDENCE, lookedAt: 0, looks: 0, cusum: null, sum: 0, proposal: null });

export interface Rules {
  /** The highest acceptable rate of errors, above 0 and below 1. */
  readonly target: number;
  /** The share that a person always sees, in percent. */
  readonly floor: number;
  /** Groups that a person still sees whole, which share ALPHA: those that were accepted need none of it (Holm, 1979). */
  readonly groups: number;
}

export const nextLook = (lookedAt: number): number => Math.max(FIRST_LOOK, lookedAt * 2);

/** What a look may use of ALPHA: half of what the group has left. */
export const alphaOf = (looks: number, groups: number): number => ALPHA / Math.max(1, groups) / 2 ** (looks + 1);

/** The next lower share that this bound allows. Undefined if there is none. */
function allowedShare(bound: number, share: number, { target, floor }: Rules): number | undefined {
  const allowed = STEPS.filter(({ within }) => bound <= target * within).map((step) => Math.max(floor, step.share));
  const least = Math.min(...allowed);
  return least < share ? least : undefined;
}

/** What is looked at: a group, or rare groups together. */
export type Looked = Pick<GroupState, 'share' | 'evidence' | 'lookedAt' | 'looks' | 'proposal'>;

/** Looks at the evidence if a look is due. A look that could not pass even without errors uses nothing of ALPHA. */
export function look<T extends Looked>(state: T, rules: Rules): T {
  const { evidence, lookedAt, looks, share } = state;
  if (evidence.labels < nextLook(lookedAt)) return state;
  const alpha = alphaOf(looks, rules.groups);
  const looked = { ...state, lookedAt: evidence.labels };
  if (upperBound({ ...evidence, wrong: 0, wrongWeight: 0 }, alpha) > rules.target) return looked;
  const bound = upperBound(evidence, alpha);
  const allowed = allowedShare(bound, share, rules);
  const proposal = allowed === undefined ? null : { share: allowed, bound, labels: evidence.labels, wrong: evidence.wrong };
  return { ...looked, looks: looks + 1, proposal };
}

/** From the rate that counts as normal to at least three times the target: the rate found so far with some room, at most the target. */
function cusumFor(evidence: Evidence, target: number): Cusum {
  const highest = foundRate(target);
  const found = foundRate(upperBound(evidence, NORMAL_ALPHA));
  const normal = Math.min(highest, Math.max(found, highest / 10));
  return tuneCusum(normal, Math.min(0.9, Math.max(5 * normal, 3 * target)));
}

export interface Taken {
  readonly state: GroupState;
  /** The group went back to full review with this label. */
  readonly narrowed: boolean;
}

/** The state after a label. `late`: an earlier label that was taken for right. */
export function takeLabel(state: GroupState, label: DrawnLabel & { readonly late?: boolean }, rules: Rules): Taken {
  const evidence = label.late ? withLateError(state.evidence, label) : withLabel(state.evidence, label);
  const taken = { ...state, evidence };
  const { cusum } = state;
  if (!cusum || state.share >= 100) return { state: label.late ? taken : look(taken, rules), narrowed: false };
  const sum = nextSum(state.sum, label.wrong, cusum);
  if (sum < cusum.limit) return { state: look({ ...taken, sum }, rules), narrowed: false };
  return { state: { ...newGroup(), looks: state.looks }, narrowed: true };
}

/** The state after a person accepted a lower share, by the group’s own evidence, or that of rare groups together. */
export const acceptShare = (state: GroupState, share: number, target: number, evidence: Evidence = state.evidence): GroupState => ({
  ...state,
  share,
  cusum: state.cusum ?? cusumFor(evidence, target),
  sum: 0,
  proposal: null,
});

/** The state of a group whose share comes from the settings of its node, not from evidence. */
export const withShare = (state: GroupState, share: number, target: number): GroupState =>
  share === state.share ? state : { ...state, share, cusum: share < 100 ? (state.cusum ?? cusumFor(state.evidence, target)) : null };

/** The state after a person takes the group back to full review. Its evidence stays. */
export const fullReview = (state: GroupState): GroupState => ({ ...state, share: 100, cusum: null, sum: 0, proposal: null });
