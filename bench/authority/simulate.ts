import { acceptShare, type GroupState, newGroup, takeLabel } from '../../server/evaluation/authority/group.ts';

/** The target and floor of the simulated review, and how often a reviewer overlooks an error. */
const TARGET = 0.05;
const FLOOR = 5;
const OVERLOOKED = 0.1;
const GROUPS = 12;
/** True rates of errors, from 0.2 % to 12 % in equal steps of their logarithm. */
const RATES = Array.from({ length: GROUPS }, (_, index) => 0.002 * (0.12 / 0.002) ** (index / (GROUPS - 1)));

interface Group {
  state: GroupState;
  rate: number;
}

const labelOf = (rate: number, random: () => number): boolean => random() < rate && random() >= OVERLOOKED;
const seenOf = ({ share }: GroupState): number => Math.max(share, FLOOR) / 100;

export interface Stream {
  /** Decisions that a person saw. */
  readonly reviewed: number;
  /** A group whose rate is above the target was proposed for less review. */
  readonly mistaken: boolean;
  readonly narrowed: number;
  /** Labels of groups that a person no longer saw whole. */
  readonly watched: number;
}

/** One stream of decisions, in which a person accepts each proposal at once. */
export function simulateStream(decisions: number, random: () => number): Stream {
  const groups: Group[] = RATES.map((rate) => ({ state: newGroup(), rate }));
  const totals = { reviewed: 0, mistaken: false, narrowed: 0, watched: 0 };
  for (let index = 0; index < decisions; index++) {
    const group = groups[Math.floor(random() * GROUPS)];
    if (!group) continue;
    const probability = seenOf(group.state);
    if (random() >= probability) continue;
    totals.reviewed++;
    if (group.state.share < 100) totals.watched++;
    const rules = { target: TARGET, floor: FLOOR, groups: groups.filter(({ state: { share } }) => share === 100).length };
    const { state, narrowed } = takeLabel(group.state, { wrong: labelOf(group.rate, random), probability }, rules);
    if (narrowed) totals.narrowed++;
    if (state.proposal && group.rate > TARGET) totals.mistaken = true;
    group.state = state.proposal ? acceptShare(state, state.proposal.share, TARGET) : state;
  }
  return totals;
}

/** Reviewed runs of a group of 1 % after its rate rose to 15 %, until it is back in full review. Undefined if it never was reduced. */
export function simulateDrift(random: () => number): number | undefined {
  let state = newGroup();
  const rules = { target: TARGET, floor: FLOOR, groups: GROUPS };
  const take = (rate: number): boolean => {
    const taken = takeLabel(state, { wrong: labelOf(rate, random), probability: seenOf(state) }, rules);
    state = taken.state.proposal ? acceptShare(taken.state, taken.state.proposal.share, TARGET) : taken.state;
    return taken.narrowed;
  };
  for (let labels = 0; labels < 2_000 && state.share === 100; labels++) take(0.01);
  if (state.share === 100) return undefined;
  for (let labels = 0; labels < 100; labels++) take(0.01);
  if (state.share === 100) return undefined;
  let reviewed = 1;
  while (!take(0.15)) reviewed++;
  return reviewed;
}
