import type { Bus } from '../../engine/bus.ts';

/** Calls the listener when caches of workflows are invalid, with a predicate for which. After lost messages, it holds for all. */
export function onWorkflowChange(bus: Bus, listener: (hasChanged: (workflowId: string) => boolean) => void): void {
  bus.subscribe((message) => {
    if (message.kind === 'workflow-changed') listener((id) => id === message.workflowId);
    if (message.kind === 'missed') listener(() => true);
  });
}
