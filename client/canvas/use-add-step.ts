import { definitionOf } from '@switchyard/nodes/catalog.ts';
import { useReactFlow, useStoreApi } from '@xyflow/react';
import { useMemo } from 'react';
import { useEditorApi } from '../editor/editor-store.ts';
import { freeOutPort, type Point, placeAfter } from '../editor/operations/add-node.ts';
import { freePlace } from '../editor/operations/free-place.ts';
import type { Size } from '../editor/operations/tidy-up.ts';
import { type CanvasUi, useCanvasUiApi } from './canvas-ui.ts';

/** Half the width of a card, and where its ports are: a card is put with its port at the wire's end. */
const PORT_TOP = 22;
const CARD: Size = { width: 200, height: 66 };
const NOTE: Size = { width: 216, height: 60 };

/** The ways in which a step comes onto the canvas, but for dragging it there. */
export function useAddStep() {
  const editor = useEditorApi();
  const ui = useCanvasUiApi();
  const flow = useReactFlow();
  const flowStore = useStoreApi();
  return useMemo(() => {
    const middle = (size: Size = CARD): Point => {
      const { width, height, transform } = flowStore.getState();
      const [x, y, zoom] = transform;
      const boxes = flow
        .getNodes()
        .map(({ position, measured }) => ({ ...position, width: measured?.width ?? CARD.width, height: measured?.height ?? CARD.height }));
      return freePlace({ x: (width / 2 - x) / zoom - size.width / 2, y: (height / 2 - y) / zoom - size.height / 2 }, size, boxes);
    };
    const show = (id: string | undefined) =>
      id &&
      requestAnimationFrame(
        () => void flow.fitView({ nodes: [{ id }, ...neighboursOf(id)], maxZoom: flow.getZoom(), minZoom: 0.3, padding: 0.2, duration: 140 }),
      );
    const neighboursOf = (id: string) =>
      editor
        .getState()
        .graph.edges.filter((edge) => edge.target === id)
        .map((edge) => ({ id: edge.source }));
    return {
      /** After the selected step, wired to its free way out; in the middle of the view without one. */
      fromPalette(type: string) {
        const { selection, graph, addNode } = editor.getState();
        const after = selection.nodes.length === 1 ? selection.nodes[0] : undefined;
        const port = after && definitionOf(type)?.role !== 'note' ? freeOutPort(graph, after, definitionOf) : undefined;
        if (after && port) show(addNode(type, placeAfter(graph, after), { fromPort: port }));
        else addNode(type, middle());
      },
      atWire(type: string, palette: Extract<CanvasUi['palette'], { kind: 'afloat' }>) {
        const left = palette.fromPort.side === 'source' ? palette.flow.x : palette.flow.x - CARD.width;
        editor.getState().addNode(type, { x: left, y: palette.flow.y - PORT_TOP }, { fromPort: palette.fromPort });
        ui.setState({ palette: { kind: 'closed' } });
      },
      note: () => editor.getState().addNode('note', middle(NOTE)),
    };
  }, [editor, ui, flow, flowStore]);
}
