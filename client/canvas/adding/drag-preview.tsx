import { definitionOf } from '@switchyard/nodes/catalog.ts';
import { useStore } from '@xyflow/react';
import { CardHead } from '../steps/node-graphics.tsx';
import { useCanvasUi } from '../view/canvas-ui.ts';
import styles from './palette.module.css';
import { GRIP } from './use-palette-drag.ts';

/** Offset below the pointer while over an edge, so the card doesn’t cover the edge’s drop mark. */
const BELOW_EDGE = 36;

/** The card under the pointer while a node is dragged from the palette, at its size on the canvas. */
export function DragPreview() {
  const dragged = useCanvasUi((ui) => ui.dragged);
  const onEdge = useCanvasUi((ui) => ui.dropEdgeId !== null);
  const zoom = useStore((flow) => flow.transform[2]);
  const definition = dragged && definitionOf(dragged.type);
  if (!dragged || !definition) return null;
  const scale = dragged.overCanvas ? zoom : 1;
  const ports = definition.ports(definition.defaults);
  const top = dragged.y + ((onEdge ? BELOW_EDGE : 0) - GRIP.y) * scale;
  return (
    <div className={styles.preview} style={{ transform: `translate(${dragged.x - GRIP.x * scale}px, ${top}px) scale(${scale})` }}>
      <div className={styles.previewCard}>
        {ports.inputs.length > 0 && <i />}
        {ports.outputs.length > 0 && <i />}
        <CardHead icon={definition.icon} category={definition.category} title={dragged.preset?.title ?? definition.title} line={definition.summary} />
      </div>
      {onEdge && <div className={styles.dropHint}>Drop to insert here</div>}
    </div>
  );
}
