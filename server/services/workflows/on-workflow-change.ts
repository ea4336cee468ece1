import type { Bus } from '../../engine/bus.ts';

/** Calls the listener when cached facts of workflows are void: of those that `hasChanged` names. After lost messages, these are all. */
export function onWorkflowChange(bus: Bus, listener: (hasChanged: (workflowId: string) => boolean) => void): void {
  bus.subscribe((message) => {
    if (message.kind === 'workflow-changed') listener((id) => id === message.workflowId);
    if (message.kind === 'missed') listener(() => true);
  });
}
