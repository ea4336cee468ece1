const OPEN_KEY = 'switchyard:panel:run-open';

/** Whether this browser last had the run panel open. */
export const isPanelOpen = (): boolean => localStorage.getItem(OPEN_KEY) === 'yes';

export const keepPanelOpen = (open: boolean): void => localStorage.setItem(OPEN_KEY, open ? 'yes' : 'no');
