import { useStore } from '@xyflow/react';
import styles from './canvas.module.css';

const GAP = 20;
const SIZE = 1.6;
/** Below this zoom the dots would blur into each other: half as many are drawn, twice as large. */
const DENSE_ZOOM = 0.7;

/** The dot grid. Dots keep about the same size and spacing at every zoom. Panning only moves it, which needs no painting. */
export function CanvasDots() {
  const zoom = useStore((state) => state.transform[2]);
  const scale = 2 ** Math.max(0, Math.ceil(Math.log2(DENSE_ZOOM / zoom))) * zoom;
  const gap = GAP * scale;
  const place = useStore(({ transform: [x, y] }) => `translate(${rest(x, gap)}px, ${rest(y, gap)}px)`);
  const radius = (SIZE * scale) / 2;
  const backgroundImage = `radial-gradient(circle at ${radius}px ${radius}px, var(--dots) ${radius}px, transparent ${radius + 0.5}px)`;
  return <div className={styles.dots} style={{ inset: -gap, transform: place, backgroundImage, backgroundSize: `${gap}px ${gap}px` }} aria-hidden />;
}

/** How far a place is from the grid line before it. */
const rest = (at: number, gap: number): number => ((at % gap) + gap) % gap;
