import { create } from 'zustand';

const OPEN_KEY = 'switchyard:panel:run-open';

/** Whether the run panel is open, stored in this browser. Shared by the panel and its placeholder while it loads. */
export const usePanelOpen = create<{ readonly open: boolean }>(() => ({ open: localStorage.getItem(OPEN_KEY) === 'yes' }));

export function keepPanelOpen(open: boolean): void {
  usePanelOpen.setState({ open });
  localStorage.setItem(OPEN_KEY, open ? 'yes' : 'no');
}
