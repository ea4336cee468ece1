import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { removedEvent } from '@switchyard/shared/run/removed.ts';
import { type Bus, type BusMessage, POLL_MS } from '../engine/bus.ts';
import { createDeltaBatches } from '../services/runs/delta-batches.ts';
import { inOrder } from '../services/runs/delta-order.ts';
import type { RunDeltas } from '../services/runs/run-deltas.ts';
import type { Realtime } from './realtime.ts';

/* Forwards messages of the bus to pages, and streamed text to callers. Messages of other processes may be lost, so it also polls. */

interface BusToPages {
  readonly bus: Bus;
  readonly realtime: Realtime;
  readonly deltas: RunDeltas;
  /** Other processes drive runs, too. */
  readonly shared: boolean;
}

/** Minimum time between two refetches of pages. */
const MISSED_MS = 1_000;

/** Returns a function that stops. */
export function busToPages({ bus, realtime, deltas, shared }: BusToPages): () => void {
  const batches = createDeltaBatches(({ workspaceId, toCaller, isHidden, ...delta }) => {
    const { restart, isLost: _, ...words } = delta;
    if (restart && !isHidden) realtime.restart(workspaceId, words);
    if (words.text !== '' && !isHidden) realtime.delta(workspaceId, words);
    if (toCaller) deltas.tell(delta);
  });
  const addWords = inOrder(batches.add);
  let telling: NodeJS.Timeout | undefined;
  const tellPages = (): void => {
    if (telling) return;
    telling = setTimeout(() => {
      telling = undefined;
      realtime.missed();
    }, MISSED_MS).unref();
  };
  const hear = (message: BusMessage): void => {
    if (message.kind === 'run-committed') {
      batches.flush(message.run.runId);
      // Encrypted payloads are shown on no page (S66).
      const { run, head, status } = message;
      const events = () => (run.sealed ? message.events.map((event) => removedEvent(event) as JournalEvent) : message.events);
      realtime.publish(run, { head, status, events });
    }
    if (message.kind === 'deltas') {
      const { workspaceId, runId, sealed } = message.run;
      addWords({ workspaceId, runId, ...message.words, ...(sealed && { isHidden: true as const }) });
    }
    if (message.kind === 'fallback') realtime.fallback(message.run.workspaceId, { runId: message.run.runId, ...message.fallback });
    if (message.kind === 'invalidate' && message.what === 'inbox') realtime.inboxChanged(message.workspaceId);
    if (message.kind === 'draft-saved') realtime.draftSaved(message.workspaceId, { workflowId: message.workflowId, draftRevision: message.draftRevision });
    if (message.kind === 'credential-ended') realtime.sendAway(message.credentialId);
    if (message.kind === 'missed') {
      realtime.look();
      tellPages();
    }
  };
  const unsubscribe = bus.subscribe(hear);
  const timer = shared ? setInterval(realtime.look, POLL_MS.waiters).unref() : undefined;
  return () => {
    unsubscribe();
    clearTimeout(telling);
    clearInterval(timer);
  };
}
