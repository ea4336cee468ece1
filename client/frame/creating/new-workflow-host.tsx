import { lazy, Suspense, useState } from 'react';
import { useStore } from 'zustand';
import { newWorkflow } from './new-workflow.ts';

const Dialog = lazy(() => import('./new-workflow-dialog.tsx').then((module) => ({ default: module.NewWorkflowDialog })));

/** The dialog that asks for the name of a new workflow. Loads its code on first use. */
export function NewWorkflowHost() {
  const isOpen = useStore(newWorkflow, (state) => state.isOpen);
  const [wanted, setWanted] = useState(false);
  if (isOpen && !wanted) setWanted(true);
  return <Suspense fallback={null}>{wanted && <Dialog />}</Suspense>;
}
