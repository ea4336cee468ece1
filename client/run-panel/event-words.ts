import { parseAddress } from '@switchyard/shared/run/address.ts';
import type { JournalEvent, RunEventOf, RunEventType } from '@switchyard/shared/run/events.ts';
import { formatDuration, formatNumber } from '../ui/format.ts';

/** Title of a node by its key, for sentences. */
export type TitleOf = (nodeKey: string) => string;

/** `draft#2` → "Draft, round 2". */
const stepName = (stepId: string, titleOf: TitleOf): string => {
  const address = parseAddress(stepId);
  if (address?.kind !== 'step') return titleOf(stepId);
  const { nodeKey, round } = address;
  return round === 1 ? titleOf(nodeKey) : `${titleOf(nodeKey)}, round ${round}`;
};

type Words = { [T in RunEventType]: (event: RunEventOf<T>, titleOf: TitleOf) => string };

const TRIGGERS = { webhook: 'its webhook', 'test-webhook': 'the test URL', canvas: 'the canvas', api: 'the API', rerun: 'a rerun' } as const;
const CANCELLED = { superseded: 'started over in a new round', 'run-cancelled': 'stopped', 'run-failed': 'stopped, because the run failed' } as const;

const WORDS: Words = {
  'run-started': ({ version, trigger }) => `The run of ${version === 'draft' ? 'the draft' : `v${version}`} started, by ${TRIGGERS[trigger]}`,
  'step-started': ({ stepId, attempt }, titleOf) => `${stepName(stepId, titleOf)} started${attempt > 1 ? `, try ${attempt}` : ''}`,
  'call-started': ({ stepId, kind, name }, titleOf) =>
    `${stepName(stepId, titleOf)} ${kind === 'model' ? 'asked a model' : kind === 'http' ? 'sent a request' : `began ${name}`}`,
  'call-finished': (event, titleOf) => `${stepName(event.stepId, titleOf)} ${answered(event)}`,
  'call-failed': ({ stepId, error }, titleOf) => `A call of ${stepName(stepId, titleOf)} failed: ${error.message}`,
  'attempt-failed': ({ stepId, attempt, error, at, retryAt }, titleOf) =>
    `Try ${attempt} of ${stepName(stepId, titleOf)} failed: ${error.message} Tried again in ${formatDuration(Date.parse(retryAt) - Date.parse(at))}`,
  'step-waiting': ({ stepId, wait }, titleOf) =>
    `${stepName(stepId, titleOf)} waits for ${wait.kind === 'review' || wait.kind === 'interrupted' ? 'a person' : 'its time'}`,
  'wait-ended': ({ stepId, by }, titleOf) =>
    `The wait of ${stepName(stepId, titleOf)} ended by ${by === 'decision' ? 'a decision' : by === 'timer' ? 'time' : 'a call'}`,
  'step-finished': ({ stepId, port, reply }, titleOf) =>
    `${stepName(stepId, titleOf)} is done${port ? `, way out: ${port}` : ''}${reply ? `; it replied with ${reply.status}` : ''}`,
  'step-failed': ({ stepId, error, handled }, titleOf) =>
    `${stepName(stepId, titleOf)} failed${handled ? ', and its error way was taken' : ''}: ${error.message}`,
  'step-skipped': ({ nodeKey }, titleOf) => `${titleOf(nodeKey)} was skipped`,
  'step-cancelled': ({ stepId, reason }, titleOf) => `${stepName(stepId, titleOf)} was ${CANCELLED[reason]}`,
  'round-started': ({ targetKey, members }, titleOf) =>
    `A way back to ${titleOf(targetKey)} was taken: round ${members.find((member) => member.nodeKey === targetKey)?.round ?? ''} began`.trimEnd(),
  'step-reused': ({ stepId }, titleOf) => `${stepName(stepId, titleOf)} was taken over from the run before`,
  'run-failing': ({ error }) => `The run cannot go on: ${error.message}`,
  'cancel-requested': ({ reason }) => `Stop was asked for${reason ? `: ${reason}` : ''}`,
  'driver-changed': () => 'Resumed after a server restart',
  'driver-released': () => 'Paused for server shutdown',
  'run-finished': ({ status, error }) =>
    status === 'succeeded' ? 'Run succeeded' : status === 'cancelled' ? 'The run was stopped' : `The run failed${error ? `: ${error.message}` : ''}`,
};

function answered({ record }: RunEventOf<'call-finished'>): string {
  if (record?.kind === 'model')
    return `got an answer of ${formatNumber(record.usage.outputTokens)} tokens from ${record.demo ? 'the demo model' : record.model}`;
  if (record?.kind === 'http') return `got status ${record.status ?? 'none'}`;
  return 'finished a part of its work';
}

/** An event of the journal as a sentence. An event of a kind that is not known here is named by its type. */
export function eventInWords(event: JournalEvent, titleOf: TitleOf): string {
  const words = (WORDS as Record<string, unknown>)[event.type] as ((event: JournalEvent, titleOf: TitleOf) => string) | undefined;
  return words?.(event, titleOf) ?? event.type.replaceAll('-', ' ');
}

/** How long after the beginning of the run: `+1.8 s`. */
export const offsetInWords = (at: string, startedAt: string | undefined): string =>
  `+${formatDuration(startedAt ? Date.parse(at) - Date.parse(startedAt) : 0)}`;
