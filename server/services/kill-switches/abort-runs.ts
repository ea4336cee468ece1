import { readActor } from '@switchyard/shared/run/actor.ts';
import { cancelSignalId } from '@switchyard/shared/run/address.ts';
import { type RunRecord, runs, signals } from '../../store/collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import type { Store, WorkspaceStore } from '../../store/port.ts';
import { type KillSwitchRecord, killSwitches } from '../../store/registry-collections.ts';
import type { KillBoard } from './kill-board.ts';
import { coversRun, type KillScope } from './kill-scope.ts';

/*
 * Cancels the runs in scope of kill switches in mode `abort` (S64). Owns: which runs are asked to end, and the progress in the switch's
 * record. One pass asks all open runs. Passes are repeated until one finds none, so runs that were being accepted when the switch was set,
 * here or in another process, are found too. Asking is idempotent, so an interrupted pass is simply repeated.
 */

/** By then, no process accepts runs in scope anymore. */
const IN_FORCE_MS = 2_000;
const PAGE = 200;

export interface AbortParts {
  readonly board: Pick<KillBoard, 'all' | 'onRead'>;
  readonly stores: Store;
  readonly now: () => Date;
  /** Tells the drivers of these runs, a few at a time. */
  readonly wakeAll: (runIds: readonly string[]) => void;
  readonly report: (problem: string, error: unknown) => void;
}

/** Makes a pass after each read of the kill switches. */
export function startAborts({ board, report, ...parts }: AbortParts): void {
  let working = false;
  const work = async (): Promise<void> => {
    for (const record of board.all()) if (record.abort && record.abort.endedAt === null) await abortPass(parts, record);
  };
  board.onRead(() => {
    if (working) return;
    working = true;
    work()
      .catch((error) => report('Canceling runs of a kill switch failed; retrying', error))
      .finally(() => {
        working = false;
      });
  });
}

async function abortPass({ stores, now, wakeAll }: Pick<AbortParts, 'stores' | 'now' | 'wakeAll'>, record: KillSwitchRecord): Promise<void> {
  const store = stores.in(record.workspaceId);
  const began = now();
  let left = 0;
  let asked = record.abort?.asked ?? 0;
  for await (const page of openRuns(store)) {
    const open = page.filter((run) => coversRun(record.scope, run));
    if (open.length === 0) continue;
    const news = await Promise.all(open.map(async ({ id }) => ((await askToEnd(store, record, id, now())) ? id : undefined)));
    const fresh = news.filter((id) => id !== undefined);
    left += open.length;
    asked += fresh.length;
    if (fresh.length > 0) await store.update(killSwitches, record.id, { abort: { asked, left, endedAt: null } });
    wakeAll(fresh);
  }
  const isOver = left === 0 && began.getTime() - Date.parse(record.createdAt) > IN_FORCE_MS;
  await store.update(killSwitches, record.id, { abort: { asked, left, endedAt: isOver ? now().toISOString() : null } });
}

const askToEnd = (store: WorkspaceStore, record: KillSwitchRecord, runId: string, now: Date): Promise<boolean> =>
  insertIfAbsent(store, signals, {
    id: cancelSignalId(runId),
    workspaceId: record.workspaceId,
    runId,
    kind: 'cancel',
    waitId: null,
    value: { reason: `Kill switch${record.reason ? `: ${record.reason}` : ''}` },
    at: now.toISOString(),
    actor: readActor(record.actor),
    moved: 0,
  });

/** How many of the oldest `most` (or slightly more) open runs are in scope. */
export async function countOpenRuns(store: WorkspaceStore, scope: KillScope, most: number): Promise<{ runs: number; complete: boolean }> {
  let runs = 0;
  let read = 0;
  for await (const open of openRuns(store)) {
    if (read >= most) return { runs, complete: false };
    read += open.length;
    runs += open.filter((run) => coversRun(scope, run)).length;
  }
  return { runs, complete: true };
}

/** All open runs, page by page. */
async function* openRuns(store: WorkspaceStore): AsyncGenerator<RunRecord[]> {
  let cursor: string | undefined;
  do {
    const page = await store.find(runs, {
      where: { status: ['queued', 'running', 'waiting'] },
      fields: ['workflowId', 'version', 'labels', 'status'],
      order: { field: 'createdAt' },
      limit: PAGE,
      ...(cursor !== undefined && { cursor }),
    });
    if (page.items.length > 0) yield page.items;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}
