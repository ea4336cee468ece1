import { createStore } from 'zustand/vanilla';

/** Whether the dialog that asks for the name of a new workflow is open. */
export const newWorkflow = createStore<{ readonly isOpen: boolean }>(() => ({ isOpen: false }));

/** Asks for a name, then creates an empty workflow and opens it. */
export const askForNewWorkflow = (): void => newWorkflow.setState({ isOpen: true });
