import { EdgeLabelRenderer } from '@xyflow/react';
import { type GraphMark, useGraphMark } from '../../open-workflow/graph-marks.ts';
import styles from './change-mark.module.css';

/** Frames a card that differs from the compared version, with a word. */
export function ChangeMark({ nodeId }: { nodeId: string }) {
  const mark = useGraphMark(nodeId);
  if (!mark) return null;
  return (
    <div className={styles.frame} data-change={mark.kind}>
      <span className={styles.word}>{mark.words}</span>
    </div>
  );
}

/** The word in the middle of an edge that differs. */
export function EdgeChangeMark({ mark, x, y }: { mark: GraphMark; x: number; y: number }) {
  return (
    <EdgeLabelRenderer>
      <span className={styles.edgeWord} data-change={mark.kind} style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}>
        {mark.words}
      </span>
    </EdgeLabelRenderer>
  );
}
