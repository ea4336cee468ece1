import { useCallback, useState } from 'react';

export interface PanelLimits {
  readonly usual: number;
  readonly least: number;
  readonly most: number;
}

/** The size of a panel in pixels, kept in this browser. */
export function usePanelSize(name: string, { usual, least, most }: PanelLimits): [number, (size: number) => void] {
  const key = `switchyard:panel:${name}`;
  const within = useCallback((size: number) => Math.round(Math.min(most, Math.max(least, size))), [least, most]);
  const [size, setSize] = useState(() => within(Number(localStorage.getItem(key)) || usual));
  const change = useCallback(
    (wanted: number) => {
      setSize(within(wanted));
      localStorage.setItem(key, String(within(wanted)));
    },
    [key, within],
  );
  return [size, change];
}
