import { getSmoothStepPath, Position, useInternalNode, ViewportPortal } from '@xyflow/react';
import type { PulledPort } from '../../graph-editing/operations/add-node.ts';
import type { Point } from '../../graph-editing/operations/geometry.ts';
import { useCanvasUi } from '../view/canvas-ui.ts';
import styles from './edge.module.css';

/** Keeps an edge dropped on empty canvas drawn until its node is picked. */
export function DroppedEdgeLine() {
  const adding = useCanvasUi((ui) => ui.adding);
  return adding?.kind === 'port' ? <Line fromPort={adding.fromPort} flow={adding.flow} /> : null;
}

function Line({ fromPort, flow }: { fromPort: PulledPort; flow: Point }) {
  const node = useInternalNode(fromPort.nodeId);
  const isSource = fromPort.side === 'source';
  const port = node?.internals.handleBounds?.[fromPort.side]?.find(({ id }) => id === fromPort.handle);
  if (!node || !port) return null;
  const { x, y } = node.internals.positionAbsolute;
  const start = { x: x + port.x + (isSource ? port.width : 0), y: y + port.y + port.height / 2 };
  const [source, target] = isSource ? [start, flow] : [flow, start];
  const [path] = getSmoothStepPath({
    sourceX: source.x,
    sourceY: source.y,
    sourcePosition: Position.Right,
    targetX: target.x,
    targetY: target.y,
    targetPosition: Position.Left,
    borderRadius: 8,
    offset: 14,
  });
  return (
    <ViewportPortal>
      <svg className={styles.dropped} aria-hidden>
        <path d={path} />
      </svg>
    </ViewportPortal>
  );
}
