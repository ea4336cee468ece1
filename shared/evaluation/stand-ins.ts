/*
 * Runs that perform only reads: replays, shadow runs, and the runs of experiments (S82, S82a, S83). Recorded responses replace their calls, no one is
 * told of them, and they count in no figures about live runs.
 */

const STAND_IN_TRIGGERS = ['replay', 'shadow', 'experiment'] as const;
type StandInTrigger = (typeof STAND_IN_TRIGGERS)[number];

/** Whether a run with this trigger performs only reads. */
export const hasStandIns = (trigger: string): trigger is StandInTrigger => (STAND_IN_TRIGGERS as readonly string[]).includes(trigger);

/** What a reviewer decides in every review of the run: the ID of a decision, or more of what a reviewer sends. */
export type GivenDecision = string | Readonly<Record<string, unknown>>;

/** What replaces the effects of a run, in this order: recorded responses, given outputs, reads, allowed effects. */
export interface StandIns {
  readonly as: StandInTrigger;
  /** The run whose recorded responses and decisions are used. IDs and times that expressions see are its own, too. */
  readonly source?: string | undefined;
  /** Outputs of nodes whose calls have no recorded response, by node key. */
  readonly recorded?: Readonly<Record<string, unknown>> | undefined;
  /** Keys of the nodes whose effects are performed. */
  readonly allow?: readonly string[] | undefined;
  readonly decision?: GivenDecision | undefined;
  readonly limit?: SpendLimit | undefined;
}

/** What all calls with this ID may cost together, in micro-dollars: those of all runs of an experiment or a replay, and of its graders. */
export interface SpendLimit {
  readonly id: string;
  readonly micros: number;
}

/** The error of a call that could cost more than the rest of its limit: `why` in the details of `stopped`. */
export const OVER_COST = 'over-cost';

/** Where a recorded response comes from: the run, and the number of the event in its journal. */
export interface StandInFor {
  readonly runId: string;
  readonly seq: number;
}

/** Why a step can’t continue: it would perform an effect, ask a person, wait for a callback, or spend more than the run may. */
export const STOP_REASONS = ['would-call', 'would-ask', 'would-wait', OVER_COST] as const;
export type StopReason = (typeof STOP_REASONS)[number];

/** A step that can’t continue. */
export interface Stop {
  readonly stepId: string;
  readonly nodeKey: string;
  readonly why: StopReason;
  /** In words, for people: what it would do. */
  readonly what: string;
}
