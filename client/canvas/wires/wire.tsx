import { IconPlus, IconX } from '@tabler/icons-react';
import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath, useStore } from '@xyflow/react';
import { memo, useState } from 'react';
import { useEditor } from '../../open-workflow/editor-store.ts';
import { useWireState, type WireEnds } from '../../open-workflow/run-source.ts';
import { useCanvasUi } from '../view/canvas-ui.ts';
import type { FlowEdge } from '../view/flow-graph.ts';
import { FlowDot } from './flow-dot.tsx';
import { LoopLimit } from './loop-limit.tsx';
import { wayBackPath } from './way-back-path.ts';
import styles from './wire.module.css';

const NO_ENDS: WireEnds = { edgeId: '', back: false, sourceKey: '', sourcePort: '', targetKey: '' };

/** A wire: neutral, or in the accent where the run went; only one in use moves. */
export const Wire = memo(function Wire(props: EdgeProps<FlowEdge>) {
  const ends = props.data?.wire ?? NO_ENDS;
  const state = useWireState(ends);
  const dropHere = useCanvasUi((ui) => ui.dropEdgeId === props.id);
  const { path, x, y } = usePath(props, ends.back);
  const [hovered, setHovered] = useState(false);
  // One of several selected edges goes with the others, by a key.
  const isAlone = useEditor(({ selection }) => selection.nodes.length === 0 && selection.edges.length === 1);
  return (
    <g
      className={styles.wire}
      data-state={state}
      data-back={ends.back || undefined}
      data-drop={dropHere || undefined}
      data-selected={props.selected || undefined}
      onPointerEnter={() => setHovered(true)}
      onPointerLeave={() => setHovered(false)}
    >
      {dropHere && <path d={path} className={styles.halo} />}
      <BaseEdge id={props.id} path={path} interactionWidth={22} className={styles.path ?? ''} />
      {ends.back && <path d="M 4 -5 L -2 0 L 4 5" className={styles.arrow} transform={`translate(${x} ${y})`} />}
      {ends.back && <LoopLimit edgeId={props.id} x={x} y={y} />}
      {state === 'active' && <FlowDot path={path} />}
      {(dropHere || hovered || (props.selected && isAlone)) && (
        <EdgeLabelRenderer>
          {dropHere ? <PlusMark x={x} y={y} /> : <DeleteButton id={props.id} x={ends.back ? x - BESIDE_ARROW : x} y={y} onHover={setHovered} />}
        </EdgeLabelRenderer>
      )}
    </g>
  );
});

function usePath(props: EdgeProps<FlowEdge>, back: boolean): { path: string; x: number; y: number } {
  const { sourceX, sourceY, targetX, targetY } = props;
  const bottom = useStore((flow) => {
    if (!back) return 0;
    let low = 0;
    for (const node of flow.nodeLookup.values()) {
      const { x, y } = node.internals.positionAbsolute;
      const width = node.measured.width ?? 0;
      if (x + width > targetX - 20 && x < sourceX + 20) low = Math.max(low, y + (node.measured.height ?? 0));
    }
    return low;
  });
  if (back) {
    const { path, middleX, middleY } = wayBackPath({ sourceX, sourceY, targetX, targetY, bottom });
    return { path, x: middleX, y: middleY };
  }
  const [path, x, y] = getSmoothStepPath({
    sourceX,
    sourceY,
    sourcePosition: props.sourcePosition,
    targetX,
    targetY,
    targetPosition: props.targetPosition,
    borderRadius: 8,
    offset: 14,
  });
  return { path, x, y };
}

/** The delete button of a loop edge is on the other side of its arrow than its limit. */
const BESIDE_ARROW = 24;

const at = (x: number, y: number) => ({ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` });

function PlusMark({ x, y }: { x: number; y: number }) {
  return (
    <div className={styles.plus} style={at(x, y)}>
      <IconPlus size={14} stroke={2} />
    </div>
  );
}

function DeleteButton({ id, x, y, onHover }: { id: string; x: number; y: number; onHover: (over: boolean) => void }) {
  const disconnect = useEditor((state) => state.disconnect);
  const readOnly = useEditor((state) => state.readOnly);
  if (readOnly) return null;
  return (
    <button
      type="button"
      className={`${styles.delete} nodrag nopan`}
      style={at(x, y)}
      aria-label="Remove edge"
      title="Remove edge"
      onPointerEnter={() => onHover(true)}
      onPointerLeave={() => onHover(false)}
      onClick={() => disconnect([id])}
    >
      <IconX size={12} stroke={2} />
    </button>
  );
}
