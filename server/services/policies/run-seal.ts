import { randomBytes } from 'node:crypto';
import { type FileEntry, findFiles, hashesInEvent, restoreFiles } from '@switchyard/shared/files/stored-value.ts';
import type { RunEvent, TriggerData } from '@switchyard/shared/run/events.ts';
import { removed, removedError, removedEvent } from '@switchyard/shared/run/removed.ts';
import type { AppendRow, RunSummaryData } from '../../engine/ports.ts';
import { openOrNothing, openUnder, type Secrets, sealUnder } from '../../secrets/secrets.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import type { OpenSealed } from '../../store/pieces/file-contents.ts';
import { runKeys } from '../../store/policy-collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';

/*
 * Encrypts the payloads of runs with logging `metadata` (S66). Owns the key of each run. Invariants: 1. No payload of such a run is written
 * unencrypted. 2. A record or journal row without its key reads as if its payloads were removed. 3. The key is deleted when the run has ended.
 */

export interface RunSeal {
  seal(value: unknown): string;
  open(sealed: string): unknown;
}

/** An event on disk: without payloads. The first of a row holds all of them, encrypted, and refers to the large values in them. */
export type SealedEvent = RunEvent & { readonly sealed?: string; readonly held?: readonly { readonly $blob: string }[] };

const sealWith = (runId: string, key: string): RunSeal => ({
  seal: (value) => sealUnder(key, JSON.stringify(value), `run:${runId}`),
  open: (sealed) => JSON.parse(openUnder(key, sealed, `run:${runId}`)) as unknown,
});

/**
 * Creates the key of a run that is about to be accepted. A child run has the key of its parent, and so that of its root run, in a record of its
 * own: it may outlive them. A run whose acceptance was cut off keeps its key.
 */
export async function createSeal(
  store: WorkspaceStore,
  secrets: Pick<Secrets, 'seal' | 'open'>,
  run: { readonly id: string; readonly workspaceId: string },
  parentId?: string,
): Promise<RunSeal> {
  const inherited = parentId === undefined ? undefined : await keyOf(store, secrets, parentId);
  const key = inherited ?? randomBytes(32).toString('base64url');
  if (await insertIfAbsent(store, runKeys, { ...run, sealed: secrets.seal(key, `run-key:${run.id}`) })) return sealWith(run.id, key);
  return sealWith(run.id, (await keyOf(store, secrets, run.id)) ?? key);
}

/** Decrypts the contents of files, as long as the key of their run exists. */
export const openSealedFile =
  (store: WorkspaceStore, secrets: Pick<Secrets, 'open'>): OpenSealed =>
  async (runId, sealed) =>
    (await sealOf(store, secrets, runId))?.open(sealed);

/** The key of a run. Undefined if it has none, or not anymore. */
export async function sealOf(store: WorkspaceStore, secrets: Pick<Secrets, 'open'>, runId: string): Promise<RunSeal | undefined> {
  const key = await keyOf(store, secrets, runId);
  return key === undefined ? undefined : sealWith(runId, key);
}

async function keyOf(store: WorkspaceStore, secrets: Pick<Secrets, 'open'>, runId: string): Promise<string | undefined> {
  const record = await store.get(runKeys, runId);
  return record && openOrNothing(secrets, record.sealed, `run-key:${runId}`);
}

export function sealedRow(seal: RunSeal, row: AppendRow): AppendRow {
  const held = row.events.flatMap(hashesInEvent).map(($blob) => ({ $blob }));
  const [first, ...rest] = row.events.map((event) => removedEvent(event));
  if (!first) return row;
  const sealed: SealedEvent = { ...first, sealed: seal.seal(row.events), ...(held.length > 0 && { held }) };
  return { ...row, events: [sealed, ...rest] };
}

/** Whether the payloads of a row are encrypted. */
export const isSealedRow = ({ events: [first] }: { readonly events: readonly SealedEvent[] }): boolean => first?.sealed !== undefined;

/** The events of a row. Without the key, their payloads are removed. */
export function openRow<R extends { readonly events: readonly SealedEvent[] }>(seal: RunSeal | undefined, row: R): R {
  const [first, ...rest] = row.events;
  if (first?.sealed === undefined) return row;
  if (seal) return { ...row, events: seal.open(first.sealed) as RunEvent[] };
  const { sealed: _sealed, held: _held, ...event } = first;
  return { ...row, events: [event as RunEvent, ...rest] };
}

export const sealedSummary = (summary: RunSummaryData): RunSummaryData => ({
  ...summary,
  output: removed(summary.output ?? null),
  error: summary.error && removedError(summary.error),
});

export function sealedTrigger(seal: RunSeal, trigger: TriggerData): TriggerData {
  const files = findFiles(trigger.body);
  return {
    kind: trigger.kind,
    body: removed(trigger.body),
    sealed: seal.seal(files.length > 0 ? { ...trigger, files } : trigger),
    ...(files.length > 0 && { held: files.map(({ $file }) => ({ $blob: $file })) }),
  };
}

/** What a run started with. Without the key, its payloads are removed. */
export function openTrigger(seal: RunSeal | undefined, { sealed, held: _held, ...trigger }: TriggerData): TriggerData {
  if (!seal || sealed === undefined) return trigger;
  const { files = [], ...opened } = seal.open(sealed) as TriggerData & { readonly files?: readonly FileEntry[] };
  return { ...opened, body: restoreFiles(opened.body, files) };
}

/** A value of a signal, on disk. */
export const sealedValue = (seal: RunSeal, value: unknown): unknown => ({ sealed: seal.seal(value) });

export function openValue(seal: RunSeal | undefined, value: unknown): unknown {
  return seal && typeof value === 'object' && value !== null && 'sealed' in value && typeof value.sealed === 'string' ? seal.open(value.sealed) : value;
}
