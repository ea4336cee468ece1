import type { Connection } from '@switchyard/shared/contracts/models.ts';
import { AppError, type ErrorCode } from '@switchyard/shared/errors.ts';
import { type ConnectionRecord, connections } from '../store/collections.ts';
import type { ModelParts } from './model-parts.ts';
import type { ModelProvider } from './provider.ts';
import { withoutQuote } from './providers/provider-errors.ts';

/*
 * Connection health as seen by calls of runs: whether it works, otherwise why not and since when. Written when it changes, and once a
 * minute while it doesn't, so a busy connection costs almost nothing. A connection that changed in the meantime is not changed. The
 * provider's own message is left out: it may repeat a value that the policy of the run keeps out of the store (S65, S66).
 */

export type Health = NonNullable<Connection['health']>;

/** Failures caused by the connection, not by the request. */
const OF_THE_CONNECTION: ReadonlySet<ErrorCode> = new Set([
  'provider-auth',
  'provider-rate-limited',
  'provider-overloaded',
  'provider-unavailable',
  'provider-timeout',
  'egress-refused',
]);

const REFRESH_MS = 60_000;

/** The same provider, recording the health of its connection. */
export function watched(provider: ModelProvider, record: ConnectionRecord, parts: Pick<ModelParts, 'store' | 'clock'>): ModelProvider {
  const note = (startedAt: Date, error?: AppError): void => {
    const health = healthAfter(record.health, { startedAt, endedAt: parts.clock.now(), error });
    if (!health) return;
    const expected = { equal: { updatedAt: record.updatedAt } };
    // No call waits for it. If it is lost, the next one writes it.
    parts.store
      .in(record.workspaceId)
      .update(connections, record.id, { health }, expected)
      .catch(() => undefined);
  };
  return {
    ...provider,
    async chat(request, signal, ...listeners) {
      const startedAt = parts.clock.now();
      try {
        const answer = await provider.chat(request, signal, ...listeners);
        note(startedAt);
        return answer;
      } catch (thrown) {
        if (thrown instanceof AppError && OF_THE_CONNECTION.has(thrown.code)) note(startedAt, thrown);
        throw thrown;
      }
    },
  };
}

/** The health after a call. Undefined if the stored one is still right. */
function healthAfter(before: Health | null, call: { startedAt: Date; endedAt: Date; error?: AppError | undefined }): Health | undefined {
  const { startedAt, endedAt, error } = call;
  const ok = error === undefined;
  const at = endedAt.toISOString();
  if (before && before.ok === ok && endedAt.getTime() - Date.parse(before.at) < REFRESH_MS && (ok || before.message === withoutQuote(error))) return undefined;
  return {
    ok,
    at,
    message: error ? withoutQuote(error) : 'Responded to a step',
    models: before?.models ?? [],
    latencyMs: endedAt.getTime() - startedAt.getTime(),
    failingSince: ok ? null : failingSince(before, at),
    seenIn: 'call',
  };
}

/** When the current failure of a connection started: as stored, or now. */
export const failingSince = (before: Health | null, at: string): string => (before && !before.ok ? (before.failingSince ?? before.at) : at);
