import type { KeyboardEvent, PointerEvent } from 'react';
import { useCallback, useState } from 'react';
import styles from './resizer.module.css';

interface ResizerProps {
  /** The edge of the panel that can be dragged. */
  readonly edge: 'left' | 'top';
  readonly size: number;
  readonly onSize: (size: number) => void;
  readonly label: string;
}

const STEP = 24;

/** A panel edge that can be dragged, or moved with the arrow keys. */
export function Resizer({ edge, size, onSize, label }: ResizerProps) {
  const at = (event: { clientX: number; clientY: number }) => (edge === 'left' ? event.clientX : event.clientY);
  const onPointerDown = (press: PointerEvent<HTMLElement>) => {
    const start = at(press);
    const handle = press.currentTarget;
    handle.setPointerCapture(press.pointerId);
    const move = (event: globalThis.PointerEvent) => onSize(size + start - at(event));
    const end = () => {
      handle.removeEventListener('pointermove', move);
      handle.removeEventListener('pointerup', end);
      handle.removeEventListener('pointercancel', end);
    };
    handle.addEventListener('pointermove', move);
    handle.addEventListener('pointerup', end);
    handle.addEventListener('pointercancel', end);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const [more, less] = edge === 'left' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    if (event.key !== more && event.key !== less) return;
    event.preventDefault();
    onSize(size + (event.key === more ? STEP : -STEP));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: there is no element for a movable separator
    <div
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-valuenow={size}
      aria-orientation={edge === 'left' ? 'vertical' : 'horizontal'}
      className={styles.resizer}
      data-edge={edge}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}

export interface PanelLimits {
  readonly initial: number;
  readonly min: number;
  readonly max: number;
}

/** The size of a panel in pixels, stored in this browser. */
export function usePanelSize(name: string, { initial, min, max }: PanelLimits): [number, (size: number) => void] {
  const key = `switchyard:panel:${name}`;
  const within = useCallback((size: number) => Math.round(Math.min(max, Math.max(min, size))), [min, max]);
  const [size, setSize] = useState(() => within(Number(localStorage.getItem(key)) || initial));
  const change = useCallback(
    (wanted: number) => {
      setSize(within(wanted));
      localStorage.setItem(key, String(within(wanted)));
    },
    [key, within],
  );
  return [size, change];
}
