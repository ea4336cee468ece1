import { parseAddress, placeOfFrame } from '@switchyard/shared/run/address.ts';
import type { JournalEvent, RunEventOf, RunEventType } from '@switchyard/shared/run/events.ts';
import { FAULT_LABELS } from '../run-look/status-labels.ts';
import { formatDuration, formatNumber } from '../ui/format.ts';

/** The title of a node by its key. */
export type TitleOf = (nodeKey: string) => string;

/** `draft#2` → “Draft, round 2”. `each#1[3]/draft#1` → “Draft (For-each, item 4)”. */
const stepName = (stepId: string, titleOf: TitleOf): string => {
  const address = parseAddress(stepId);
  if (address?.kind !== 'step') return titleOf(stepId);
  const { nodeKey, round, frame } = address;
  const name = round === 1 ? titleOf(nodeKey) : `${titleOf(nodeKey)}, round ${round}`;
  return frame === undefined ? name : `${name} (${frameName(frame, titleOf)})`;
};

/** `each#1[3]` → “For-each, item 4”. */
const frameName = (frameId: string, titleOf: TitleOf): string => {
  const { containerId, item } = placeOfFrame(frameId);
  return `${stepName(containerId, titleOf)}, item ${item + 1}`;
};

type Descriptions = { [T in RunEventType]: (event: RunEventOf<T>, titleOf: TitleOf) => string };

const TRIGGERS = {
  webhook: 'its webhook',
  'test-webhook': 'the test URL',
  canvas: 'the canvas',
  api: 'the API',
  openai: 'the OpenAI-compatible API',
  rerun: 'a rerun',
  workflow: 'another workflow',
  schedule: 'a schedule',
  'workflow-ended': 'the end of another run',
  error: 'a failed run',
  form: 'a form',
  chat: 'a chat',
  queue: 'a message in a queue',
  replay: 'a replay',
  shadow: 'a shadow',
  experiment: 'an experiment',
} as const;
const WAITS = { run: 'a sub-workflow', callback: 'a callback', timer: 'a timer', retry: 'a timer', stopped: 'nothing' } as const;
const CANCELLED = {
  superseded: 'restarted in a new round',
  'run-cancelled': 'canceled',
  'run-failed': 'canceled because the run failed',
  'item-failed': 'canceled because its item failed',
} as const;

const DESCRIPTIONS: Descriptions = {
  'run-started': ({ version, trigger }) => `Run of ${version === 'draft' ? 'the draft' : `v${version}`} started by ${TRIGGERS[trigger]}`,
  'step-started': ({ stepId, attempt }, titleOf) => `${stepName(stepId, titleOf)} started${attempt > 1 ? `, attempt ${attempt}` : ''}`,
  'call-started': ({ stepId, kind, name, fault }, titleOf) =>
    `${stepName(stepId, titleOf)} ${kind === 'model' ? 'called a model' : kind === 'http' ? 'sent a request' : kind === 'code' ? 'ran its code' : `started ${name}`}${fault ? `, broken on purpose: ${FAULT_LABELS[fault].toLowerCase()}` : ''}`,
  'call-finished': (event, titleOf) => `${stepName(event.stepId, titleOf)} ${answered(event)}`,
  'call-failed': ({ stepId, error, record }, titleOf) => `${stepName(stepId, titleOf)}: ${record?.kind === 'code' ? 'code' : 'call'} failed. ${error.message}`,
  'attempt-failed': ({ stepId, attempt, error, at, retryAt }, titleOf) =>
    `${stepName(stepId, titleOf)}: attempt ${attempt} failed. ${error.message} Retrying in ${formatDuration(Date.parse(retryAt) - Date.parse(at))}`,
  'step-waiting': ({ stepId, wait }, titleOf) => `${stepName(stepId, titleOf)} is waiting for ${'reviewId' in wait ? 'a review' : WAITS[wait.kind]}`,
  'wait-ended': ({ stepId, by }, titleOf) => `${stepName(stepId, titleOf)} resumed: ${by}`,
  'step-stopped': ({ stepId, what }, titleOf) => `${stepName(stepId, titleOf)} can’t continue: ${what.charAt(0).toLowerCase()}${what.slice(1)}`,
  'step-finished': ({ stepId, port, reply }, titleOf) =>
    `${stepName(stepId, titleOf)} succeeded${port ? `, branch: ${port}` : ''}${reply ? `, response ${reply.status}` : ''}`,
  'step-failed': ({ stepId, error, handled }, titleOf) => `${stepName(stepId, titleOf)} failed${handled ? ' and took its error branch' : ''}: ${error.message}`,
  'step-skipped': ({ nodeKey }, titleOf) => `${titleOf(nodeKey)} was skipped`,
  'step-cancelled': ({ stepId, reason }, titleOf) => `${stepName(stepId, titleOf)} was ${CANCELLED[reason]}`,
  'round-started': ({ targetKey, members }, titleOf) =>
    `Looped back to ${titleOf(targetKey)} (round ${members.find((member) => member.nodeKey === targetKey)?.round ?? '?'})`,
  'loop-exceeded': ({ sourceStepId, error }, titleOf) => `${stepName(sourceStepId, titleOf)} took its error branch: ${error.message}`,
  'step-reused': ({ stepId, pinned }, titleOf) =>
    `${stepName(stepId, titleOf)} ${pinned ? 'has a pinned output, so it didn’t run' : 'reused from the previous run'}`,
  'items-listed': ({ stepId, count }, titleOf) => `${stepName(stepId, titleOf)} has ${formatNumber(count)} ${count === 1 ? 'item' : 'items'}`,
  'frame-finished': ({ frameId, fromRunId }, titleOf) => `${frameName(frameId, titleOf)} ${fromRunId ? 'reused from the previous run' : 'succeeded'}`,
  'frame-failed': ({ frameId, error }, titleOf) => `${frameName(frameId, titleOf)} failed: ${error.message}`,
  'frame-failing': ({ frameId, error }, titleOf) => `${frameName(frameId, titleOf)} can’t continue: ${error.message}`,
  'run-failing': ({ error }) => `The run can’t continue: ${error.message}`,
  'cancel-requested': ({ reason }) => `Cancellation requested${reason ? `: ${reason}` : ''}`,
  'driver-changed': () => 'Resumed after a server restart',
  'driver-released': () => 'Paused for server shutdown',
  'run-finished': ({ status, error }) =>
    status === 'succeeded' ? 'Run succeeded' : status === 'cancelled' ? 'Run canceled' : `Run failed${error ? `: ${error.message}` : ''}`,
};

/** Characters of a console line. */
const MOST_SHOWN = 80;

function answered({ record, standIn }: RunEventOf<'call-finished'>): string {
  if (standIn) return 'used the recorded response';
  if (record?.kind === 'model') return `got ${formatNumber(record.usage.outputTokens)} tokens from ${record.demo ? 'the demo model' : record.model}`;
  if (record?.kind === 'http') return `got status ${record.status ?? 'none'}`;
  if (record?.kind === 'code') return `finished its code${record.console.length > 0 ? `: ${record.console[0]?.text.slice(0, MOST_SHOWN)}` : ''}`;
  return 'finished a call';
}

/** An event of the journal as a sentence. An unknown event is named by its type. */
export function describeEvent(event: JournalEvent, titleOf: TitleOf): string {
  const words = (DESCRIPTIONS as Record<string, unknown>)[event.type] as ((event: JournalEvent, titleOf: TitleOf) => string) | undefined;
  return words?.(event, titleOf) ?? event.type.replaceAll('-', ' ');
}

/** Time since the run started: `+1.8 s`. */
export const formatOffset = (at: string, startedAt: string | undefined): string => `+${formatDuration(startedAt ? Date.parse(at) - Date.parse(startedAt) : 0)}`;
