import { IconPlus, IconX } from '@tabler/icons-react';
import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath, useStore } from '@xyflow/react';
import { memo, useState } from 'react';
import { useEditor } from '../../open-workflow/editor-store.ts';
import { useGraphMark } from '../../open-workflow/graph-marks.ts';
import { type EdgeEnds, useEdgeState } from '../../open-workflow/run-source.ts';
import { useEdgeSamples } from '../../open-workflow/samples/shown-paths.ts';
import { EdgeChangeMark } from '../steps/change-mark.tsx';
import { useCanvasUi } from '../view/canvas-ui.ts';
import type { FlowEdge } from '../view/flow-graph.ts';
import styles from './edge.module.css';
import { FlowDot } from './flow-dot.tsx';
import { loopEdgePath } from './loop-edge-path.ts';
import { LoopLimit } from './loop-limit.tsx';

const NO_ENDS: EdgeEnds = { edgeId: '', back: false, sourceKey: '', sourcePort: '', targetKey: '' };

interface Place {
  readonly path: string;
  /** The midpoint, where its buttons are. */
  readonly x: number;
  readonly y: number;
}

/** A forward edge. */
export const ForwardEdge = memo(function ForwardEdge(props: EdgeProps<FlowEdge>) {
  const [path, x, y] = getSmoothStepPath({ ...props, borderRadius: 8, offset: 14 });
  return <Drawn edge={props} place={{ path, x, y }} />;
});

/** A loop edge, which runs below the nodes in between. A separate type because it watches all node positions. */
export const LoopEdge = memo(function LoopEdge(props: EdgeProps<FlowEdge>) {
  const { sourceX, sourceY, targetX, targetY } = props;
  const bottom = useStore((flow) => {
    let low = 0;
    for (const node of flow.nodeLookup.values()) {
      const { x, y } = node.internals.positionAbsolute;
      const width = node.measured.width ?? 0;
      if (x + width > targetX - 20 && x < sourceX + 20) low = Math.max(low, y + (node.measured.height ?? 0));
    }
    return low;
  });
  const { path, middleX: x, middleY: y } = loopEdgePath({ sourceX, sourceY, targetX, targetY, bottom });
  return <Drawn edge={props} place={{ path, x, y }} />;
});

/** Neutral, or accented where the run passed. Only an active edge is animated. */
function Drawn({ edge, place: { path, x, y } }: { edge: EdgeProps<FlowEdge>; place: Place }) {
  const ends = edge.data?.ends ?? NO_ENDS;
  const ran = useEdgeState(ends);
  const samples = useEdgeSamples(edge.id) ?? 0;
  const state = samples > 0 ? 'taken' : ran;
  const dropHere = useCanvasUi((ui) => ui.dropEdgeId === edge.id);
  const [hovered, setHovered] = useState(false);
  const mark = useGraphMark(edge.id);
  return (
    <g
      className={styles.edge}
      data-state={state}
      data-back={ends.back || undefined}
      data-drop={dropHere || undefined}
      data-change={mark?.kind}
      data-selected={edge.selected || undefined}
      onPointerEnter={() => setHovered(true)}
      onPointerLeave={() => setHovered(false)}
    >
      {dropHere && <path d={path} className={styles.halo} />}
      <BaseEdge id={edge.id} path={path} interactionWidth={22} className={styles.path ?? ''} />
      {ends.back && <path d="M 4 -5 L -2 0 L 4 5" className={styles.arrow} transform={`translate(${x} ${y})`} />}
      {ends.back && <LoopLimit edgeId={edge.id} x={x} y={y} />}
      {samples > 0 && <SampleCount count={samples} x={x} y={y} />}
      {mark && <EdgeChangeMark mark={mark} x={x} y={y} />}
      {state === 'active' && <FlowDot path={path} />}
      {dropHere && <PlusMark x={x} y={y} />}
      {!dropHere && (hovered || edge.selected) && (
        <DeleteButton id={edge.id} x={ends.back ? x - BESIDE_ARROW : x} y={y} hovered={hovered} onHover={setHovered} />
      )}
    </g>
  );
}

/** The delete button is opposite the limit, across the arrow. */
const BESIDE_ARROW = 24;

const at = (x: number, y: number) => ({ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` });

function PlusMark({ x, y }: { x: number; y: number }) {
  return (
    <EdgeLabelRenderer>
      <div className={styles.plus} style={at(x, y)}>
        <IconPlus size={14} stroke={2} />
      </div>
    </EdgeLabelRenderer>
  );
}

/** How many samples took the edge. */
function SampleCount({ count, x, y }: { count: number; x: number; y: number }) {
  return (
    <EdgeLabelRenderer>
      <span className={styles.samples} style={at(x, y)}>
        {count}
        <span className="visually-hidden"> {count === 1 ? 'sample' : 'samples'}</span>
      </span>
    </EdgeLabelRenderer>
  );
}

interface DeleteButtonProps {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly hovered: boolean;
  readonly onHover: (over: boolean) => void;
}

function DeleteButton({ id, x, y, hovered, onHover }: DeleteButtonProps) {
  const disconnect = useEditor((state) => state.disconnect);
  const readOnly = useEditor((state) => state.readOnly);
  // Several selected edges are deleted together, by key.
  const isAlone = useEditor(({ selection }) => selection.nodes.length === 0 && selection.edges.length === 1);
  if (readOnly || !(hovered || isAlone)) return null;
  return (
    <EdgeLabelRenderer>
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
    </EdgeLabelRenderer>
  );
}
