import type { WorkflowChange, WorkflowRun } from '@switchyard/shared/realtime/protocol.ts';
import { useEffect, useRef } from 'react';
import { liveSocket } from './socket.ts';

const users = new Map<string, number>();

function watchWorkflow(workflowId: string): () => void {
  const socket = liveSocket();
  const before = users.get(workflowId) ?? 0;
  users.set(workflowId, before + 1);
  if (before === 0 && socket.connected) socket.emit('workflow:watch', { workflowId });
  return () => {
    const left = (users.get(workflowId) ?? 1) - 1;
    if (left > 0) {
      users.set(workflowId, left);
      return;
    }
    users.delete(workflowId);
    if (socket.connected) socket.emit('workflow:unwatch', { workflowId });
  };
}

let listening = false;

/** After a reconnect, the server no longer knows what this page watches. */
function rewatchOnConnect(): void {
  if (listening) return;
  listening = true;
  liveSocket().on('connect', () => {
    for (const workflowId of users.keys()) liveSocket().emit('workflow:watch', { workflowId });
  });
}

/** Calls back on every change of a run of these workflows, and after a reconnect, when changes may have been missed. */
export function useOnWorkflowRuns(workflowIds: readonly string[], onChange: (change: WorkflowRun | 'reconnected') => void): void {
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  const joined = workflowIds.join(' ');
  useEffect(() => {
    if (joined === '') return;
    rewatchOnConnect();
    const socket = liveSocket();
    const ids = new Set(joined.split(' '));
    const receive = (change: WorkflowRun) => ids.has(change.workflowId) && latest.current(change);
    const reconnected = () => latest.current('reconnected');
    socket.on('workflow:run', receive);
    socket.on('connect', reconnected);
    const stops = [...ids].map(watchWorkflow);
    return () => {
      socket.off('workflow:run', receive);
      socket.off('connect', reconnected);
      for (const stop of stops) stop();
    };
  }, [joined]);
}

/** Calls back on every change of a run of this workflow, and with `undefined` after a reconnect, when changes may have been missed. */
export function watchWorkflowRuns(workflowId: string, onChange: (change: WorkflowRun | undefined) => void): () => void {
  rewatchOnConnect();
  const socket = liveSocket();
  const receive = (change: WorkflowRun) => change.workflowId === workflowId && onChange(change);
  const reconnected = () => onChange(undefined);
  socket.on('workflow:run', receive);
  socket.on('connect', reconnected);
  const stop = watchWorkflow(workflowId);
  return () => {
    socket.off('workflow:run', receive);
    socket.off('connect', reconnected);
    stop();
  };
}

/** Calls back when a draft of this workflow was saved, here or elsewhere. `unknown` after a reconnect: a save may have been missed. */
export function watchDraft(workflowId: string, onChange: (draftRevision: number | 'unknown') => void): () => void {
  rewatchOnConnect();
  const socket = liveSocket();
  const receive = (change: WorkflowChange) => change.workflowId === workflowId && onChange(change.draftRevision);
  const reconnected = () => onChange('unknown');
  socket.on('workflow:changed', receive);
  socket.on('connect', reconnected);
  const stop = watchWorkflow(workflowId);
  return () => {
    socket.off('workflow:changed', receive);
    socket.off('connect', reconnected);
    stop();
  };
}
