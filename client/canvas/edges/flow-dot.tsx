import { EdgeLabelRenderer } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import styles from './edge.module.css';

const ROUND_MS = 1_200;
/** Enough for the corners of an edge. The dot moves straight between two points. */
const POINTS = 24;

/**
 * The dot moving along an active edge. Animates only `transform`, which runs on the compositor; a dash offset or motion path would repaint
 * on the main thread every frame.
 */
export function FlowDot({ path }: { path: string }) {
  const dot = useRef<HTMLElement>(null);
  useEffect(() => {
    const animation = dot.current?.animate(keyframesAlong(path), { duration: ROUND_MS, iterations: Number.POSITIVE_INFINITY });
    // Uses document time: dragging the edge doesn’t restart the animation with each frame.
    if (animation) animation.startTime = 0;
    return () => animation?.cancel();
  }, [path]);
  return (
    <EdgeLabelRenderer>
      <i ref={dot} className={styles.flow} />
    </EdgeLabelRenderer>
  );
}

function keyframesAlong(path: string): Keyframe[] {
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  line.setAttribute('d', path);
  const length = line.getTotalLength();
  return Array.from({ length: POINTS + 1 }, (_, index) => {
    const { x, y } = line.getPointAtLength((length * index) / POINTS);
    return { transform: `translate(${x}px, ${y}px)` };
  });
}
