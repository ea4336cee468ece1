import { create } from 'zustand';

const OPEN_KEY = 'switchyard:panel:run-open';

/** Whether this person keeps the run panel open: one place for the panel and for the line that stands there until it is loaded. */
export const usePanelOpen = create<{ readonly open: boolean }>(() => ({ open: localStorage.getItem(OPEN_KEY) === 'yes' }));

export function keepPanelOpen(open: boolean): void {
  usePanelOpen.setState({ open });
  localStorage.setItem(OPEN_KEY, open ? 'yes' : 'no');
}
