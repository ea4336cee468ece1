/*
 * The structured IDs of a run. Only this module formats and parses them (S30).
 *
 *   frame   each#1[3]              container step and item, items from 0
 *   step    each#1[3]/draft#2      node and round, rounds from 1
 *   call    <step>/model:1         kind and occurrence, from 1; a sub-step of a node: <step>/step:<name>:1
 *   wait    <step>/wait:1          occurrences from 1
 *
 * Invariants: 1. An ID is the same on every driver, attempt, and version, so stored IDs are never rewritten. 2. A step that
 * started under event version 1 keeps the call IDs, wait IDs, and idempotency key of version 1 until it ends.
 */

/** The IDs of a step, in the format of the event version it started under. */
export type AddressVersion = 1 | 2;

/** The step that a call or a wait belongs to. */
export interface AddressedStep {
  readonly id: string;
  readonly addresses: AddressVersion;
}

export type CallKind = 'model' | 'http' | 'tool' | 'code' | 'step';

interface CallPlace {
  readonly kind: CallKind;
  /** Only the name of a sub-step is part of its ID. */
  readonly name: string;
  /** Counts the calls of this kind and name within the step, from 1. */
  readonly occurrence: number;
}

/** What an ID names. `frame` is the ID of the for-each item around the step, if any. */
export type Address =
  | { readonly kind: 'frame'; readonly id: string; readonly containerId: string; readonly item: number }
  | { readonly kind: 'step'; readonly id: string; readonly frame: string | undefined; readonly nodeKey: string; readonly round: number }
  | ({ readonly id: string; readonly stepId: string; readonly call: CallKind } & { readonly kind: 'call'; readonly name: string; readonly occurrence: number })
  | { readonly kind: 'wait'; readonly id: string; readonly stepId: string };

export const stepId = (nodeKey: string, round: number, frame?: string): string => {
  const own = `${nodeKey}#${round}`;
  return frame === undefined ? own : `${frame}/${own}`;
};

export const frameId = (containerStepId: string, item: number): string => `${containerStepId}[${item}]`;

export function callId({ id, addresses }: AddressedStep, { kind, name, occurrence }: CallPlace): string {
  if (addresses === 1) return `${id}/${name}/${occurrence - 1}`;
  return kind === 'step' ? `${id}/step:${encodeURIComponent(name.toWellFormed())}:${occurrence}` : `${id}/${kind}:${occurrence}`;
}

/** The next wait of a step that has waited `before` times. */
export const waitId = ({ id, addresses }: AddressedStep, before: number): string =>
  addresses === 1 ? `${id.replace('#', '.')}.${before + 1}` : `${id}/wait:${before + 1}`;

/** The wait before the attempt that follows `attempt`. Version 1 didn't count it among the waits of a step. */
export const retryWaitId = (step: AddressedStep, before: number, attempt: number): string =>
  step.addresses === 1 ? `${waitId(step, before)}.retry${attempt}` : waitId(step, before);

/** The wait of a step for its callback: always its first, so the callback’s URL is known before the step starts. */
export const callbackWaitId = (step: string): string => waitId({ id: step, addresses: 2 }, 0);

/** The review of a wait. Its characters are safe in a URL path: `#`, `/`, `[`, `]`, and `wait:` become dots. */
export const reviewId = (runId: string, wait: string): string => `${runId}.${wait.replace('/wait:', '.').replaceAll(/\]\/|[#[\]/]/g, '.')}`;

/** The signal that ends a wait. Inserting it decides. */
export const signalId = (runId: string, wait: string): string => `${runId}:${wait}`;
/** The text that the ID of a child run is made from: starting a run for the same wait twice makes one (S38). */
export const childRunSeed = (runId: string, wait: string): string => `${runId}:${wait}`;
export const cancelSignalId = (runId: string): string => `${runId}:cancel`;

/** The idempotency key sent with a call (S31). Version 1 had one for all calls of a step. */
export const idempotencyKey = (runId: string, step: AddressedStep, call: string): string => `${runId}:${step.addresses === 1 ? step.id : call}`;

/** One pass over a loop edge: the edge, and the step that took it. */
export const loopReturnId = (edgeId: string, sourceStepId: string): string => `${edgeId}@${sourceStepId}`;
export const edgeOfLoopReturn = (id: string): string => id.slice(0, id.lastIndexOf('@'));

const STEP = /^(?:(.+\[\d+\])\/)?([a-z][a-z0-9_]*)#(\d+)$/;
const FRAME = /^(.+#\d+)\[(\d+)\]$/;
const CALL = /^(.+)\/(?:(model|http|tool|code)|step:([^/:]*)):(\d+)$/;
const WAIT = /^(.+)\/wait:\d+$/;
const CALL_V1 = /^([^/]+#\d+)\/(.*)\/(\d+)$/s;
const WAIT_V1 = /^([a-z][a-z0-9_]*)\.(\d+)\.\d+(?:\.retry\d+)?$/;

/** Parses an ID of either version. Undefined for anything else. */
export function parseAddress(id: string): Address | undefined {
  return parseStep(id) ?? parseFrame(id) ?? parseWait(id) ?? parseCall(id);
}

function parseStep(id: string): Address | undefined {
  const [, frame, nodeKey, round] = STEP.exec(id) ?? [];
  return nodeKey === undefined ? undefined : { kind: 'step', id, frame, nodeKey, round: Number(round) };
}

function parseFrame(id: string): Address | undefined {
  const [, containerId, item] = FRAME.exec(id) ?? [];
  return containerId === undefined ? undefined : { kind: 'frame', id, containerId, item: Number(item) };
}

function parseWait(id: string): Address | undefined {
  const own = WAIT.exec(id)?.[1];
  if (own !== undefined) return { kind: 'wait', id, stepId: own };
  const [, nodeKey, round] = WAIT_V1.exec(id) ?? [];
  return nodeKey === undefined ? undefined : { kind: 'wait', id, stepId: stepId(nodeKey, Number(round)) };
}

function parseCall(id: string): Address | undefined {
  const [, step, kind, name, occurrence] = CALL.exec(id) ?? [];
  if (step !== undefined) {
    const call = (kind ?? 'step') as CallKind;
    return { kind: 'call', id, stepId: step, call, name: name === undefined ? call : decodeURIComponent(name), occurrence: Number(occurrence) };
  }
  const [, oldStep, oldName, before] = CALL_V1.exec(id) ?? [];
  if (oldStep === undefined || oldName === undefined) return undefined;
  const call = oldName === 'model' || oldName === 'http' ? oldName : 'step';
  return { kind: 'call', id, stepId: oldStep, call, name: oldName, occurrence: Number(before) + 1 };
}

/** The step that a wait belongs to. */
export function stepOfWait(wait: string): string | undefined {
  const address = parseWait(wait);
  return address?.kind === 'wait' ? address.stepId : undefined;
}

let lastId = '';
let lastFrame: string | undefined;

/**
 * The for-each item that a step is in. Undefined at the top level. Names of sub-steps are encoded, so `]/` ends nothing but a frame. Remembers
 * the last one: each event asks several times for the same step.
 */
export function frameOf(id: string): string | undefined {
  if (id !== lastId) {
    const end = id.lastIndexOf(']/');
    lastFrame = end === -1 ? undefined : id.slice(0, end + 1);
    lastId = id;
  }
  return lastFrame;
}

/** Whether a step is in an item of a for-each step. */
export const isInside = (id: string, containerStepId: string): boolean => id.startsWith(`${containerStepId}[`);

/** The container step and the item of a frame. */
export function placeOfFrame(id: string): { readonly containerId: string; readonly item: number } {
  const start = id.lastIndexOf('[');
  return { containerId: id.slice(0, start), item: Number(id.slice(start + 1, -1)) };
}

/** The frame, and those around it, from the inside out. Without one, none. */
export function framesAround(frame: string | undefined): string[] {
  const frames: string[] = [];
  for (let at = frame; at !== undefined; at = frameOf(placeOfFrame(at).containerId)) frames.push(at);
  return frames;
}
