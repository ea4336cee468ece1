import { loopLimit, MOST_LOOPS } from '@switchyard/shared/graph/graph.ts';
import { EdgeLabelRenderer } from '@xyflow/react';
import { type KeyboardEvent, useState } from 'react';
import { useEditor } from '../../open-workflow/editor-store.ts';
import styles from './loop-limit.module.css';

/** The maximum rounds of a loop edge, shown on the edge. Click to edit. */
export function LoopLimit({ edgeId, x, y }: { edgeId: string; x: number; y: number }) {
  const limit = useEditor((state) => {
    const edge = state.graph.edges.find(({ id }) => id === edgeId);
    return edge && loopLimit(edge);
  });
  const readOnly = useEditor((state) => state.readOnly);
  const [editing, setEditing] = useState(false);
  if (limit === undefined) return null;
  const place = { transform: `translate(0, -50%) translate(${x + BESIDE_ARROW}px, ${y}px)` };
  return (
    <EdgeLabelRenderer>
      <div className={`${styles.limit} nodrag nopan`} style={place}>
        {editing ? (
          <LimitField edgeId={edgeId} limit={limit} onDone={() => setEditing(false)} />
        ) : (
          <button
            type="button"
            disabled={readOnly}
            title="How often this loop may run before it fails, or takes the error branch"
            aria-label={`Loop limit: up to ${limit}×`}
            onClick={() => setEditing(true)}
          >
            up to {limit}×
          </button>
        )}
      </div>
    </EdgeLabelRenderer>
  );
}

/** Distance from the arrow in the middle of the edge. */
const BESIDE_ARROW = 14;

const isLimit = (text: string): boolean => /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= MOST_LOOPS;

function LimitField({ edgeId, limit, onDone }: { edgeId: string; limit: number; onDone: () => void }) {
  const setLoopLimit = useEditor((state) => state.setLoopLimit);
  const [text, setText] = useState(String(limit));
  const finish = () => {
    setLoopLimit(edgeId, Number(text));
    onDone();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') finish();
    else if (event.key === 'Escape') onDone();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <input
      inputMode="numeric"
      aria-label="Loop limit"
      aria-invalid={!isLimit(text)}
      title={`1 to ${MOST_LOOPS}`}
      maxLength={4}
      // biome-ignore lint/a11y/noAutofocus: opens in response to a user action
      autoFocus
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onFocus={(event) => event.currentTarget.select()}
      onKeyDown={onKeyDown}
      onBlur={finish}
    />
  );
}
