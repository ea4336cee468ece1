import { IconPlus } from '@tabler/icons-react';
import { BaseEdge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react';
import { memo, useMemo, useState } from 'react';
import { useGraphMark } from '../../open-workflow/graph-marks.ts';
import { useEdgeGain } from '../../open-workflow/replay-marks.ts';
import { type EdgeEnds, useEdgeState } from '../../open-workflow/run-source.ts';
import { useEdgeSamples } from '../../open-workflow/samples/shown-paths.ts';
import { EdgeChangeMark } from '../steps/change-mark.tsx';
import { useCanvasUi } from '../view/canvas-ui.ts';
import type { FlowEdge } from '../view/flow-graph.ts';
import styles from './edge.module.css';
import { EdgeButtons } from './edge-buttons.tsx';
import { FlowDot } from './flow-dot.tsx';
import { LoopLimit } from './loop-limit.tsx';
import { middleOf, roundedPath } from './routing/rounded-path.ts';
import { useRoute } from './routing/routes.ts';

const NO_ENDS: EdgeEnds = { edgeId: '', back: false, sourceKey: '', sourcePort: '', targetKey: '' };

/** A forward edge, or a loop edge, which runs back below the nodes in between. Around cards, never behind them. */
export const FlowEdgePath = memo(function FlowEdgePath(props: EdgeProps<FlowEdge>) {
  const points = useRoute(props);
  const path = useMemo(() => roundedPath(points), [points]);
  // The arrow of a loop edge is below what it repeats.
  const isLoop = props.data?.ends.back === true;
  const middle = useMemo(() => middleOf(isLoop ? points.slice(2, 4) : points), [isLoop, points]);
  return <Drawn edge={props} place={{ path, ...middle }} />;
});

interface Place {
  readonly path: string;
  /** Where its buttons are. */
  readonly x: number;
  readonly y: number;
  /** Of the stretch that they are on. */
  readonly length: number;
}

/** Neutral, or accented where the run passed. Only an active edge is animated. */
function Drawn({ edge, place: { path, x, y, length } }: { edge: EdgeProps<FlowEdge>; place: Place }) {
  const ends = edge.data?.ends ?? NO_ENDS;
  const ran = useEdgeState(ends);
  const samples = useEdgeSamples(edge.id) ?? 0;
  const gain = useEdgeGain(edge.id);
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
      data-gain={gain > 0 || undefined}
      data-selected={edge.selected || undefined}
      onPointerEnter={() => setHovered(true)}
      onPointerLeave={() => setHovered(false)}
    >
      {dropHere && <path d={path} className={styles.halo} />}
      <BaseEdge id={edge.id} path={path} interactionWidth={22} className={styles.path ?? ''} />
      {ends.back && <path d="M 4 -5 L -2 0 L 4 5" className={styles.arrow} transform={`translate(${x} ${y})`} />}
      {ends.back && <LoopLimit edgeId={edge.id} x={x} y={y} />}
      {gain > 0 && <GainCount count={gain} x={x} y={y} />}
      {samples > 0 && <SampleCount count={samples} x={x} y={y} />}
      {mark && <EdgeChangeMark mark={mark} x={x} y={y} />}
      {state === 'active' && <FlowDot path={path} />}
      {dropHere && <PlusMark x={x} y={y} />}
      {!dropHere && (hovered || edge.selected) && (
        <EdgeButtons
          edge={edge}
          x={ends.back ? x - BESIDE_ARROW : length < LEAST_ROOM ? x - BETWEEN / 2 : x}
          y={y}
          step={ends.back ? -BETWEEN : BETWEEN}
          hovered={hovered}
          onHover={setHovered}
        />
      )}
    </g>
  );
}

/** The buttons of a loop edge are opposite the limit, across the arrow. */
const BESIDE_ARROW = 24;
/** From one button to the next. */
const BETWEEN = 26;
/** On a shorter stretch, both buttons are around the middle, clear of the ports. */
const LEAST_ROOM = 110;

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

/** How many more runs take the edge in a replay. */
function GainCount({ count, x, y }: { count: number; x: number; y: number }) {
  return (
    <EdgeLabelRenderer>
      <span className={styles.gain} style={at(x, y)}>
        +{count} {count === 1 ? 'run' : 'runs'}
      </span>
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
