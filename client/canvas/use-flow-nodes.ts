import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { NodeChange } from '@xyflow/react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { isGroup } from '../graph-editing/operations/containers.ts';
import { portsOf } from '../graph-editing/operations/ports.ts';
import { useEditor, useEditorApi } from '../open-workflow/editor-store.ts';
import { useCanvasUi } from './view/canvas-ui.ts';
import { type FlowEdge, FlowGraph, type FlowNode, type NodeFacts, type NodeView } from './view/flow-graph.ts';

const facts: NodeFacts = {
  drawingOf: (type) => {
    const role = definitionOf(type)?.role;
    return isGroup({ type }) ? 'frame' : role === 'note' || role === 'container' ? role : 'step';
  },
  portLabel: (node, port) => portsOf(node, definitionOf).outputs.find(({ id }) => id === port)?.label,
};

/**
 * The graph as React Flow nodes. Sizes and drags in progress stay local. Positions are written to the graph on drop, which makes a drag one
 * change.
 */
export function useFlowNodes() {
  const editor = useEditorApi();
  const graph = useEditor((state) => state.graph);
  const selection = useEditor((state) => state.selection);
  const problems = useEditor((state) => state.problems);
  const found = useCanvasUi((ui) => ui.found);
  const [views, setViews] = useState<ReadonlyMap<string, NodeView>>(() => new Map());
  const flow = useRef<FlowGraph>(null);
  flow.current ??= new FlowGraph(facts);
  const drawn = flow.current;
  const nodes = useMemo(() => drawn.nodes({ graph, selection, problems, views, found }), [drawn, graph, selection, problems, views, found]);
  const edges = useMemo(() => drawn.edges(graph, selection), [drawn, graph, selection]);

  const onNodesChange = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      setViews((before) => applyToViews(before, changes));
      const selects = changes.filter((change) => change.type === 'select');
      if (selects.length === 0) return;
      const { selection: current, select } = editor.getState();
      const chosen = new Set(current.nodes);
      for (const change of selects) change.selected ? chosen.add(change.id) : chosen.delete(change.id);
      select([...chosen], current.edges);
    },
    [editor],
  );
  const onEdgesChange = useCallback(
    (changes: { type: string; id?: string; selected?: boolean }[]) => {
      const selects = changes.filter((change) => change.type === 'select');
      if (selects.length === 0) return;
      const { selection: current, select } = editor.getState();
      const chosen = new Set(current.edges);
      for (const { id, selected } of selects) if (id) selected ? chosen.add(id) : chosen.delete(id);
      select(current.nodes, [...chosen]);
    },
    [editor],
  );
  /** Ends a drag: positions come from the graph again. */
  const settle = useCallback(() => setViews(withoutDrags), []);
  return { nodes, edges: edges as FlowEdge[], onNodesChange, onEdgesChange, settle };
}

function applyToViews(before: ReadonlyMap<string, NodeView>, changes: readonly NodeChange<FlowNode>[]): ReadonlyMap<string, NodeView> {
  const next = new Map(before);
  let changed = false;
  for (const change of changes) {
    if (change.type === 'dimensions' && change.dimensions) {
      const { size: _size, ...rest } = next.get(change.id) ?? {};
      next.set(change.id, { ...rest, measured: change.dimensions, ...(change.resizing && { size: change.dimensions }) });
      changed = true;
    } else if (change.type === 'position' && change.position && change.dragging) {
      next.set(change.id, { ...next.get(change.id), position: change.position, dragging: true });
      changed = true;
    }
  }
  return changed ? next : before;
}

function withoutDrags(before: ReadonlyMap<string, NodeView>): ReadonlyMap<string, NodeView> {
  return new Map(
    [...before].map(([id, view]): [string, NodeView] => {
      if (!view.position) return [id, view];
      const { position: _position, dragging: _dragging, ...rest } = view;
      return [id, rest];
    }),
  );
}
