import { IconPlus, IconX } from '@tabler/icons-react';
import { EdgeLabelRenderer, useReactFlow } from '@xyflow/react';
import { useEditor } from '../../open-workflow/editor-store.ts';
import { useCanvasUiApi } from '../view/canvas-ui.ts';
import styles from './edge.module.css';

interface EdgeButtonsProps {
  readonly edge: { readonly id: string; readonly source: string; readonly target: string };
  /** Where the first button is, on the canvas. */
  readonly x: number;
  readonly y: number;
  /** From the first button to the second. */
  readonly step: number;
  readonly hovered: boolean;
  readonly onHover: (over: boolean) => void;
}

/** Inserts a node into an edge, or removes the edge. Shown on the hovered edge, or the only one selected. */
export function EdgeButtons({ edge, x, y, step, hovered, onHover }: EdgeButtonsProps) {
  const disconnect = useEditor((state) => state.disconnect);
  const readOnly = useEditor((state) => state.readOnly);
  // Several selected edges are deleted together, by key. Edges of a selection move with it.
  const isAlone = useEditor(({ selection }) => selection.nodes.length === 0 && selection.edges.length === 1);
  const isInside = useEditor(({ selection }) => selection.nodes.includes(edge.source) && selection.nodes.includes(edge.target));
  const ui = useCanvasUiApi();
  const { flowToScreenPosition } = useReactFlow();
  if (readOnly || isInside || !(hovered || isAlone)) return null;
  const over = { onPointerEnter: () => onHover(true), onPointerLeave: () => onHover(false) };
  const place = (shift: number) => ({ transform: `translate(-50%, -50%) translate(${x + shift}px, ${y}px)` });
  const insert = () => ui.setState({ adding: { kind: 'edge', edgeId: edge.id, flow: { x, y }, screen: flowToScreenPosition({ x: x + 14, y: y + 14 }) } });
  return (
    <EdgeLabelRenderer>
      <button
        type="button"
        className={`${styles.insert} nodrag nopan`}
        style={place(0)}
        aria-label="Insert a node"
        title="Insert a node"
        {...over}
        onClick={insert}
      >
        <IconPlus size={14} stroke={2} aria-hidden />
      </button>
      <button
        type="button"
        className={`${styles.delete} nodrag nopan`}
        style={place(step)}
        aria-label="Remove edge"
        title="Remove edge"
        {...over}
        onClick={() => disconnect([edge.id])}
      >
        <IconX size={12} stroke={2} aria-hidden />
      </button>
    </EdgeLabelRenderer>
  );
}
