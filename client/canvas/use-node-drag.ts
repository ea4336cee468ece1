import { definitionOf } from '@switchyard/nodes/catalog.ts';
import { type OnNodeDrag, useReactFlow } from '@xyflow/react';
import { type RefObject, useMemo, useRef } from 'react';
import { fitsOnEdge } from '../graph-editing/operations/add-node.ts';
import type { Point } from '../graph-editing/operations/geometry.ts';
import { useEditorApi } from '../open-workflow/editor-store.ts';
import { type EdgeSample, edgeNear, levelWith, sampleEdges } from './adding/edge-samples.ts';
import { useCanvasUiApi } from './view/canvas-ui.ts';
import type { FlowNode } from './view/flow-graph.ts';

/** Dragging nodes, as one change on drop. A node without edges can be dropped on an edge. */
export function useNodeDrag(root: RefObject<HTMLDivElement | null>, settle: () => void) {
  const editor = useEditorApi();
  const ui = useCanvasUiApi();
  const { getInternalNode } = useReactFlow();
  const samples = useRef<readonly EdgeSample[]>([]);
  return useMemo(() => {
    /** Positions of nodes in a container are relative to it. */
    const onCanvas = ({ id, position }: FlowNode): Point => getInternalNode(id)?.internals.positionAbsolute ?? position;
    const onNodeDragStart: OnNodeDrag<FlowNode> = (_, node, dragged) => {
      const { edges } = editor.getState().graph;
      const loose = dragged.length === 1 && !edges.some((edge) => edge.source === node.id || edge.target === node.id);
      samples.current = loose && root.current && fitsOnEdge(node.data.node, definitionOf) ? sampleEdges(root.current) : [];
    };
    const onNodeDrag: OnNodeDrag<FlowNode> = (_, node) => {
      if (samples.current.length === 0) return;
      const { width = 0, height = 0 } = node.measured ?? {};
      const dropEdgeId = edgeNear(samples.current, { ...onCanvas(node), width, height });
      if (ui.getState().dropEdgeId !== dropEdgeId) ui.setState({ dropEdgeId });
    };
    const onNodeDragStop: OnNodeDrag<FlowNode> = (_, node, dragged) => {
      const { dropEdgeId } = ui.getState();
      const dropped = dragged.map((moved) => ({ id: moved.id, at: onCanvas(moved), size: { width: 0, height: 0, ...moved.measured } }));
      if (dropEdgeId) editor.getState().insertOnEdge(node.id, dropEdgeId, levelWith(samples.current, dropEdgeId, onCanvas(node)));
      else editor.getState().dropNodes(dropped);
      samples.current = [];
      ui.setState({ dropEdgeId: null });
      settle();
    };
    return {
      onNodeDragStart,
      onNodeDrag,
      onNodeDragStop,
      onSelectionDragStop: (_: unknown, dragged: FlowNode[]) => onNodeDragStop(new MouseEvent('mouseup'), dragged[0] as FlowNode, dragged),
    };
  }, [editor, ui, root, settle, getInternalNode]);
}
