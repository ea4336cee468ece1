import { create } from 'zustand';

type Tab = 'evidence' | 'reviews' | 'changes';

/** The review node whose evidence is shown below the canvas, and which part of it. */
export const useEvidence = create<{ readonly nodeKey: string | null; readonly tab: Tab; readonly group: string | null; readonly wrongOnly: boolean }>(() => ({
  nodeKey: null,
  tab: 'evidence',
  group: null,
  wrongOnly: false,
}));

export const showEvidence = (nodeKey: string | null): void => useEvidence.setState({ nodeKey, tab: 'evidence', group: null, wrongOnly: false });
export const showTab = (tab: Tab): void => useEvidence.setState({ tab });
/** Shows the drawn reviews of a group that were wrong. */
export const showWrong = (nodeKey: string, group: string): void => useEvidence.setState({ nodeKey, tab: 'reviews', group, wrongOnly: true });
/** Shows all drawn reviews. */
export const showAll = (): void => useEvidence.setState({ group: null, wrongOnly: false });
