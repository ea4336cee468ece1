import { createHash } from 'node:crypto';
import { isAppError } from '@switchyard/shared/errors.ts';
import { createScope } from '@switchyard/shared/expression/create-scope.ts';
import { ExpressionSyntaxError } from '@switchyard/shared/expression/syntax-error.ts';
import { type CompiledTemplate, compileTemplate } from '@switchyard/shared/expression/template.ts';
import type { RunLabels, TriggerData } from '@switchyard/shared/run/events.ts';
import { isLiveRun } from '@switchyard/shared/run/facts/live-run.ts';
import type { RunRecord, WorkflowRecord } from '../../store/collections.ts';
import { newId } from '../ids.ts';
import type { PolicyLibrary } from '../policies/policy-library.ts';

/*
 * Chooses the version of a live run (S83). Owns the position of a run: a hash of the workflow’s salt and the run’s sticky value, in
 * [0, 100). The canary takes [0, weight), so a value on the canary stays there as its weight grows. Which runs a shadow also takes depends on
 * their IDs only.
 */

export interface ReleaseChoice {
  readonly version: number;
  /** The ID of the run, if its version depends on it. */
  readonly id?: string;
  /** What the run’s record keeps. */
  readonly release?: RunRelease;
}

export interface RunRelease {
  /** Missing without a canary: then nothing is watched. */
  readonly releaseRevision?: number;
  readonly stickyKey?: string;
  /** The shadow that also runs on its input. */
  readonly shadow?: string;
}

/** How the live runs of a workflow are divided. */
export interface Division {
  readonly stable: number;
  readonly canary: { readonly version: number; readonly weight: number; readonly revision: number } | undefined;
  readonly salt: string;
  readonly sticky: CompiledTemplate | undefined;
  readonly shadow: { readonly id: string; readonly percent: number } | undefined;
}

type Divided = Pick<WorkflowRecord, 'id' | 'release' | 'watchedRevision' | 'releaseSalt' | 'sticky' | 'shadow'>;

/** Undefined before the first publish. */
export function divisionOf(workflow: Divided): Division | undefined {
  const [stable, other] = workflow.release;
  if (!stable) return undefined;
  return {
    stable: stable.version,
    canary: other && { ...other, revision: workflow.watchedRevision ?? 0 },
    salt: workflow.releaseSalt ?? workflow.id,
    sticky: workflow.sticky ? compiledOrNothing(workflow.sticky) : undefined,
    shadow: workflow.shadow?.status === 'running' ? workflow.shadow : undefined,
  };
}

/** Settings reject an invalid template, so one that is read was valid in another version of the server. */
function compiledOrNothing(source: string): CompiledTemplate | undefined {
  try {
    return compileTemplate(source);
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return undefined;
    throw error;
  }
}

interface Choosing {
  readonly now: Date;
  /** A hash that reveals nothing of a value without the installation’s key. */
  keyedHash(value: string): string;
}

/** What choosing needs of a context. */
export const choosing = ({ now, policies }: { readonly now: () => Date; readonly policies: Pick<PolicyLibrary, 'keyedHash'> }): Choosing => ({
  now: now(),
  keyedHash: policies.keyedHash,
});

interface Called {
  readonly trigger: TriggerData;
  readonly labels?: RunLabels | undefined;
  /** Its ID, if it is fixed. */
  readonly id?: string | undefined;
}

/** The version for a run of a live trigger. Values are those of the caller, before any redaction: only a keyed hash is kept. */
export function chooseVersion(division: Division, choosing: Choosing, called: Called): ReleaseChoice {
  const choice = chooseLive(division, choosing, called);
  return division.shadow ? withShadow(division, choice, choice.id ?? called.id ?? newId('run', choosing.now)) : choice;
}

function chooseLive(division: Division, { now, keyedHash }: Choosing, { trigger, labels, id: fixed }: Called): ReleaseChoice {
  const { stable, canary, sticky } = division;
  if (!canary && !sticky) return { version: stable };
  const value = sticky && stickyValue(sticky, trigger, labels);
  const stickyKey = value === undefined ? undefined : keyOf(keyedHash, value);
  if (stickyKey !== undefined || !canary) return byKey(division, stickyKey);
  const id = fixed ?? newId('run', now);
  return { ...byKey(division, keyOf(keyedHash, id), false), id };
}

/** Whether a run counts for a release: it was started by a live trigger. */
export const isLiveTrigger = (run: Pick<RunRecord, 'trigger' | 'version'>): boolean => isLiveRun(run) && run.trigger !== 'rerun';

/** The version for a live child run with this ID: that of the outermost run’s value, or of its ID. */
export function chooseForChild(
  division: Division,
  { keyedHash }: Pick<Choosing, 'keyedHash'>,
  root: { readonly id: string; readonly stickyKey?: string | undefined },
  id: string,
): ReleaseChoice {
  const choice = root.stickyKey === undefined ? byKey(division, keyOf(keyedHash, root.id), false) : byKey(division, root.stickyKey);
  return withShadow(division, choice, id);
}

/** A run with this ID, and whether the shadow takes its input, too. */
function withShadow({ shadow, salt }: Division, choice: ReleaseChoice, id: string): ReleaseChoice {
  if (!shadow || positionOf(salt, `shadow:${id}`) >= shadow.percent) return { ...choice, id };
  return { ...choice, id, release: { ...choice.release, shadow: shadow.id } };
}

function byKey({ stable, canary, salt }: Division, key: string | undefined, isSticky = true): ReleaseChoice {
  const kept = { ...(canary && { releaseRevision: canary.revision }), ...(isSticky && key !== undefined && { stickyKey: key }) };
  const isCanary = canary !== undefined && key !== undefined && positionOf(salt, key) < canary.weight;
  return { version: isCanary ? canary.version : stable, release: kept };
}

const LONGEST_KEY = 32;
const keyOf = (keyedHash: (value: string) => string, value: string): string => keyedHash(`sticky:${value}`).slice(0, LONGEST_KEY);

/** The position of a key in [0, 100). */
export const positionOf = (salt: string, key: string): number => (createHash('sha256').update(`${salt}:${key}`).digest().readUInt32BE(0) / 0x1_0000_0000) * 100;

const LONGEST_VALUE = 1_000;

/** Undefined if it is empty or fails: then the run ID decides. */
function stickyValue(sticky: CompiledTemplate, trigger: TriggerData, labels: RunLabels = {}): string | undefined {
  try {
    const scope = createScope({ trigger, labels, input: null, steps: {}, previous: {}, round: 1, vars: {}, run: null });
    const value = sticky.evaluate(scope);
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
    return String(value).trim().slice(0, LONGEST_VALUE) || undefined;
  } catch (error) {
    if (isAppError(error, 'expression-failed')) return undefined;
    throw error;
  }
}
