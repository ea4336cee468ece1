import type { CallState, StepState } from '@switchyard/shared/run/state.ts';
import { describeFaults, REPLIED_AS_FAILURE } from '../../run-look/status-labels.ts';

type StateTone = 'running' | 'waiting' | 'succeeded' | 'failed' | 'skipped';

/** The last line of a card: state and one figure. With `since`, the figure is the time elapsed since then. */
export interface StateLine {
  readonly tone: StateTone;
  /** Set only if it differs from the tone’s icon: a decision is needed, the step was canceled, or it didn’t run as usual. */
  readonly icon?: 'person' | 'stopped' | 'pinned' | 'reused' | 'broken';
  readonly word: string;
  /** More about the word. */
  readonly title?: string;
  readonly ms?: number;
  readonly since?: string;
  readonly until?: string;
}

/** The state of a step as label and figure. `asFailure`: its output marked the run failed. */
export function stateLine(step: StepState, asFailure = false): StateLine {
  const line = lineOf(step, asFailure);
  if (step.pinned) return { tone: line.tone, icon: 'pinned', word: 'Pinned output' };
  if (step.reusedFrom) return { tone: line.tone, icon: 'reused', word: 'Reused', title: 'From an earlier run' };
  const broken = describeFaults(step.calls);
  return broken === undefined ? line : { ...line, icon: 'broken', word: 'Broken on purpose', title: `${line.word}: ${broken}` };
}

function lineOf(step: StepState, asFailure: boolean): StateLine {
  if (step.status === 'running') return { tone: 'running', word: 'Running', ...(step.startedAt && { since: step.startedAt }) };
  if (step.status === 'waiting') return waiting(step);
  if (step.status === 'skipped') return { tone: 'skipped', word: 'Skipped' };
  const ms = step.startedAt && step.endedAt ? Date.parse(step.endedAt) - Date.parse(step.startedAt) : undefined;
  const took = ms === undefined ? {} : { ms: Math.max(0, ms) };
  if (asFailure) return { tone: 'failed', word: REPLIED_AS_FAILURE, ...took };
  if (step.status === 'succeeded') return { tone: 'succeeded', word: successWord(step), ...took };
  if (step.status === 'cancelled') return { tone: 'skipped', icon: 'stopped', word: step.cancelReason === 'superseded' ? 'Restarted' : 'Canceled', ...took };
  const tries = step.attempts.length;
  return { tone: 'failed', word: tries > 1 ? `Failed after ${tries} attempts` : 'Failed', ...took };
}

function successWord({ recovered, calls }: StepState): string {
  if (recovered) return 'Used fallback value';
  return calls.some(usedFallback) ? 'Used fallback model' : 'Succeeded';
}

/** An earlier target of the route failed, so a later one responded. */
function usedFallback({ record }: CallState): boolean {
  if (record?.kind !== 'model') return false;
  const served = record.attempts.findLast(({ error }) => !error);
  return served !== undefined && record.attempts.some(({ connection, model }) => connection !== served.connection || model !== served.model);
}

function waiting(step: StepState): StateLine {
  const wait = step.wait;
  if (wait?.kind === 'review') return { tone: 'waiting', icon: 'person', word: `Waiting for ${wait.task.assignee ?? 'review'}` };
  if (wait?.kind === 'interrupted') return { tone: 'waiting', icon: 'person', word: 'Interrupted, needs a decision' };
  if (wait?.kind === 'budget') return { tone: 'waiting', icon: 'person', word: 'Budget used up' };
  if (wait?.kind === 'retry') return { tone: 'waiting', word: 'Retrying in', until: wait.dueAt };
  if (wait?.kind === 'timer') return { tone: 'waiting', word: 'Waiting', until: wait.dueAt };
  if (wait?.kind === 'stopped') return { tone: 'waiting', word: 'Stopped' };
  if (wait?.kind === 'run') return { tone: 'waiting', word: 'Waiting for sub-workflow' };
  return { tone: 'waiting', word: 'Waiting for callback' };
}

/** A classify step’s confidence in its label, shown beside the port: `0.93`. */
export function confidenceOf(step: StepState | undefined): string | undefined {
  const output = step?.output;
  if (typeof output !== 'object' || output === null || !('confidence' in output) || typeof output.confidence !== 'number') return undefined;
  return output.confidence.toFixed(2);
}
