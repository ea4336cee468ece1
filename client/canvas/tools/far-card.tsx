import { definitionOf } from '@switchyard/nodes/catalog.ts';
import { useStoreApi } from '@xyflow/react';
import { findNode } from '../../graph-editing/operations/node-names.ts';
import { useEditor, useGraphNode } from '../../open-workflow/editor-store.ts';
import { useNodeStep, useRepliedAsFailure, useRunIsOld } from '../../open-workflow/run-source.ts';
import { CardHead } from '../steps/node-graphics.tsx';
import { LastRunRow, StateLineRow } from '../steps/state-line-row.tsx';
import { type ScreenBox, usePlaceOnScreen } from '../view/use-place-on-screen.ts';
import styles from './far-card.module.css';

/** A node at reading size, beside its place on a canvas that is zoomed out too far to read. */
export function FarCard({ nodeId }: { nodeId: string }) {
  const place = usePlaceOnScreen([nodeId]);
  const node = useGraphNode(nodeId);
  const around = useEditor(({ graph }) => findNode(graph, findNode(graph, nodeId)?.parentId ?? '')?.data.title);
  const last = useNodeStep(node?.data.key ?? '');
  const isOld = useRunIsOld();
  const asFailure = useRepliedAsFailure(last?.id);
  const flow = useStoreApi();
  const definition = node && definitionOf(node.type);
  if (!place || !definition) return null;
  const { left, top } = freeSide(place, nodeId, flow.getState());
  return (
    <div className={styles.card} style={{ left, top }} aria-hidden>
      <CardHead icon={definition.icon} category={definition.category} title={node.data.title} line={definition.line(node.data.params)} />
      {around && <span className={styles.around}>{around}</span>}
      {last && (isOld ? <LastRunRow step={last} nodeId={nodeId} asFailure={asFailure} /> : <StateLineRow step={last} nodeId={nodeId} asFailure={asFailure} />)}
    </div>
  );
}

const SIZE = { width: 224, height: 92 };
const GAP = 8;

type Flow = Pick<ReturnType<ReturnType<typeof useStoreApi>['getState']>, 'nodeLookup' | 'transform' | 'width' | 'height'>;

/** Below the node, or else above, right, or left of it: the first side where the card is within the canvas and covers no other node. */
function freeSide(place: ScreenBox, nodeId: string, { nodeLookup, transform: [x, y, zoom], width, height }: Flow): { left: number; top: number } {
  const inside = (left: number) => Math.max(8, Math.min(left, width - SIZE.width - 8));
  const below = { left: inside(place.left), top: place.top + place.height + GAP };
  const sides = [
    below,
    { left: inside(place.left), top: place.top - SIZE.height - GAP },
    { left: place.left + place.width + GAP, top: place.top },
    { left: place.left - SIZE.width - GAP, top: place.top },
  ];
  const isFree = ({ left, top }: { left: number; top: number }): boolean => {
    if (left < 0 || top < 0 || left + SIZE.width > width || top + SIZE.height > height) return false;
    for (const node of nodeLookup.values()) {
      if (node.id === nodeId || (node.type !== 'step' && node.type !== 'note')) continue;
      const at = node.internals.positionAbsolute;
      const box = { left: at.x * zoom + x, top: at.y * zoom + y, width: (node.measured.width ?? 0) * zoom, height: (node.measured.height ?? 0) * zoom };
      if (left < box.left + box.width && box.left < left + SIZE.width && top < box.top + box.height && box.top < top + SIZE.height) return false;
    }
    return true;
  };
  return sides.find(isFree) ?? below;
}
