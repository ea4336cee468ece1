import { isFileHandle } from '@switchyard/shared/files/file-handle.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { isMark, replaceTokens, tokensIn } from '../../redaction/placeholders.ts';
import { openOrNothing, type Secrets } from '../../secrets/secrets.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { runTokens } from '../../store/policy-collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';

/*
 * The values behind tokens, encrypted beside their run. Restored only for reviewers, for requests and responses that are marked for it, and by
 * the Redact node.
 */

/** The run whose values are redacted. */
export interface RedactedRun {
  readonly runId: string;
  readonly workflowId: string;
  readonly workspaceId: string;
}

const MOST_TOKENS_AT_ONCE = 100;

const idOf = (runId: string, mark: string): string => `${runId}:${mark}`;
const markIn = (token: string): string => token.slice(token.indexOf(':') + 1, -1);

/** Stores the values of new tokens, by their marks. */
export async function keepTokens(
  store: WorkspaceStore,
  secrets: Pick<Secrets, 'seal'>,
  { runId, workspaceId }: Pick<RedactedRun, 'runId' | 'workspaceId'>,
  tokens: ReadonlyMap<string, unknown>,
): Promise<void> {
  const at = new Date().toISOString();
  const records = [...tokens].map(([token, value]) => {
    const id = idOf(runId, token);
    return { id, workspaceId, runId, token, sealed: secrets.seal(JSON.stringify(value), `token:${id}`), at };
  });
  for (let from = 0; from < records.length; from += MOST_TOKENS_AT_ONCE)
    await Promise.all(records.slice(from, from + MOST_TOKENS_AT_ONCE).map((record) => insertIfAbsent(store, runTokens, record)));
}

/** Gives a run the tokens of an earlier one, so what it takes over from there can be restored. */
export async function copyTokens(
  store: WorkspaceStore,
  secrets: Pick<Secrets, 'seal' | 'open'>,
  from: string,
  to: Pick<RedactedRun, 'runId' | 'workspaceId'>,
): Promise<void> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof findTokens>> = await findTokens(store, from, cursor);
    const known = page.items.flatMap(({ id, token, sealed }): [string, unknown][] => {
      const json = openOrNothing(secrets, sealed, `token:${id}`);
      return json === undefined ? [] : [[token, JSON.parse(json)]];
    });
    await keepTokens(store, secrets, to, new Map(known));
    cursor = page.nextCursor;
  } while (cursor !== null);
}

export async function deleteTokens(store: WorkspaceStore, runId: string): Promise<void> {
  for (;;) {
    const { items } = await findTokens(store, runId, null);
    if (items.length === 0) return;
    for (const { id } of items) await store.delete(runTokens, id);
  }
}

const findTokens = (store: WorkspaceStore, runId: string, cursor: string | null) =>
  store.find(runTokens, { where: { runId }, limit: MOST_TOKENS_AT_ONCE, ...(cursor !== null && { cursor }) });

/** A value with the real ones instead of the run's tokens. Unknown tokens stay. */
export async function restoreTokens<T>(store: WorkspaceStore, secrets: Pick<Secrets, 'open'>, runId: string, value: T): Promise<T> {
  const tokens = new Set<string>();
  mapTexts(value, (text) => {
    for (const token of tokensIn(text)) tokens.add(token);
    return text;
  });
  const restored = new Map<string, unknown>();
  for (const token of tokens) {
    const id = idOf(runId, markIn(token));
    const record = await store.get(runTokens, id);
    const json = record && openOrNothing(secrets, record.sealed, `token:${id}`);
    if (json !== undefined) restored.set(token, JSON.parse(json));
  }
  if (restored.size === 0) return value;
  const textOf = (token: string): string | undefined => {
    const known = restored.get(token);
    return known === undefined || typeof known === 'string' ? known : JSON.stringify(known);
  };
  return mapTexts(value, (text) => (isMark(text) && restored.has(text) ? restored.get(text) : replaceTokens(text, textOf))) as T;
}

/** Applies a function to every text in a value, names of fields included. */
function mapTexts(value: unknown, map: (text: string) => unknown): unknown {
  if (typeof value === 'string') return map(value);
  if (isFileHandle(value)) return value.renamed(String(map(value.name)));
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [String(map(name)), mapTexts(item, map)]));
}
