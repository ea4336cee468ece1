import { EdgeLabelRenderer } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import styles from './wire.module.css';

const ROUND_MS = 1_200;
/** Enough for the corners of a wire; between two points the dot moves straight. */
const POINTS = 24;

/**
 * The dot that runs along a wire in use. It is an element of its own that only its transform moves, which the compositor does by itself:
 * a moving dash of the stroke, or a motion path, would have the page's main thread draw each frame.
 */
export function FlowDot({ path }: { path: string }) {
  const dot = useRef<HTMLElement>(null);
  useEffect(() => {
    const animation = dot.current?.animate(keyframesAlong(path), { duration: ROUND_MS, iterations: Number.POSITIVE_INFINITY });
    // By the document's time, so that a wire that is pulled about does not begin anew with each frame.
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
