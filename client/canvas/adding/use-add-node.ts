import { definitionOf } from '@switchyard/nodes/catalog.ts';
import { checkGraph } from '@switchyard/shared/graph/check.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { useReactFlow, useStoreApi } from '@xyflow/react';
import { useMemo } from 'react';
import { freeOutPort, type Preset, placeAfter } from '../../graph-editing/operations/add-node.ts';
import { containerOf, frameAt, isContainer, isFrame, placeInside } from '../../graph-editing/operations/containers.ts';
import { freePlace } from '../../graph-editing/operations/free-place.ts';
import type { Point, Size } from '../../graph-editing/operations/geometry.ts';
import { useEditorApi } from '../../open-workflow/editor-store.ts';
import { type Adding, useCanvasUiApi } from '../view/canvas-ui.ts';
import { type EdgeSample, edgeNear, middleOfEdge, PORT_TOP, sampleEdges } from './edge-samples.ts';

const CARD: Size = { width: 200, height: 66 };
const NOTE: Size = { width: 216, height: 60 };

/** What the palette offers: a node type, possibly with params filled in. */
export interface Addable {
  readonly type: string;
  readonly preset?: Preset | undefined;
}

/** Every way to add a node to the canvas except dragging. */
export function useAddNode() {
  const editor = useEditorApi();
  const ui = useCanvasUiApi();
  const flow = useReactFlow();
  const flowStore = useStoreApi();
  return useMemo(() => {
    const viewMiddle = (size: Size): Point => {
      const { width, height, transform } = flowStore.getState();
      const [x, y, zoom] = transform;
      return { x: (width / 2 - x) / zoom - size.width / 2, y: (height / 2 - y) / zoom - size.height / 2 };
    };
    const boxes = () =>
      flow.getNodes().map(({ id, position, measured }) => ({
        ...(flow.getInternalNode(id)?.internals.positionAbsolute ?? position),
        width: measured?.width ?? CARD.width,
        height: measured?.height ?? CARD.height,
      }));
    const edgeSamples = (): readonly EdgeSample[] => {
      const canvas = flowStore.getState().domNode;
      return canvas ? sampleEdges(canvas) : [];
    };
    /** A position that covers no card and no edge. */
    const free = (size: Size = CARD, samples = edgeSamples()): Point =>
      freePlace(viewMiddle(size), size, [...boxes(), ...samples.map(({ x, y }) => ({ x, y, width: 0, height: 0 }))]);
    /**
     * Inserts into the only edge, or into the edge below the center of the view. Placed freely if there is none or the node can’t be
     * inserted.
     */
    const addToView = ({ type, preset }: Addable): string | undefined => {
      const { graph, addNode } = editor.getState();
      const samples = edgeSamples();
      const edgeId = canInsert(type) ? (graph.edges.length === 1 ? graph.edges[0]?.id : edgeNear(samples, { ...viewMiddle(CARD), ...CARD })) : undefined;
      const at = edgeId && middleOfEdge(samples, edgeId);
      if (!at) return addNode(type, free(CARD, samples), { preset });
      return addNode(type, { x: at.x - CARD.width / 2, y: at.y - PORT_TOP }, { onEdge: edgeId, preset });
    };
    const show = (id: string | undefined) =>
      id &&
      requestAnimationFrame(
        () => void flow.fitView({ nodes: [{ id }, ...neighborsOf(id)], maxZoom: flow.getZoom(), minZoom: 0.3, padding: 0.2, duration: 140 }),
      );
    const neighborsOf = (id: string) =>
      editor
        .getState()
        .graph.edges.filter((edge) => edge.target === id)
        .map((edge) => ({ id: edge.source }));
    return {
      /**
       * Adds after the selected node, connected to its first free output port. Without a selection, adds in the view. Opens a node that is
       * incomplete.
       */
      fromPalette(added: Addable) {
        const { type, preset } = added;
        const { selection, graph, addNode } = editor.getState();
        const after = selection.nodes.length === 1 ? selection.nodes[0] : undefined;
        const empty = after !== undefined && isEmptyFrame(graph, after);
        if (empty) {
          const id = addNode(type, placeInside(graph, after), { inside: after, preset });
          if (id && isIncomplete(editor.getState().graph, id)) editor.getState().openPanel('inspector');
          return;
        }
        const port = after && definitionOf(type)?.role !== 'note' ? freeOutPort(graph, after, definitionOf) : undefined;
        const id = after && port ? addNode(type, placeAfter(graph, after), { fromPort: port, preset }) : addToView(added);
        if (after && port) show(id);
        if (id && isIncomplete(editor.getState().graph, id)) editor.getState().openPanel('inspector');
      },
      /** Adds where a palette is open on the canvas. */
      at({ type, preset }: Addable, adding: Adding) {
        const { addNode } = editor.getState();
        const { x, y } = adding.flow;
        const port = adding.kind === 'port' ? adding.fromPort : undefined;
        const left = adding.kind === 'edge' ? x - CARD.width / 2 : port?.side === 'target' ? x - CARD.width : x;
        const options = { preset, ...(adding.kind === 'edge' && { onEdge: adding.edgeId }), ...(port && { fromPort: port }) };
        addNode(type, { x: left, y: adding.kind === 'place' ? y : y - PORT_TOP }, options);
        ui.setState({ adding: null });
      },
      note: () => editor.getState().addNode('note', free(NOTE)),
    };
  }, [editor, ui, flow, flowStore]);
}

/** Whether a node of this type can be inserted into an edge. */
export function canInsert(type: string): boolean {
  const definition = definitionOf(type);
  const ports = definition?.ports(definition.defaults);
  return Boolean(ports?.inputs.length && ports.outputs.length);
}

/** Whether a node that is added from the palette goes into a for-each. */
export function isAddedInside(graph: Graph, selected: readonly string[]): boolean {
  const [id] = selected;
  if (id === undefined || selected.length > 1) return false;
  const node = isEmptyFrame(graph, id) ? graph.nodes.find((candidate) => candidate.id === id) : undefined;
  return (node !== undefined && isContainer(node, definitionOf)) || containerOf(graph, id) !== undefined;
}

/** Whether a node that is added at this place of the canvas goes into a for-each. */
export function isInsideAt(graph: Graph, adding: Adding): boolean {
  if (adding.kind === 'port') return containerOf(graph, adding.fromPort.nodeId) !== undefined;
  if (adding.kind === 'edge') return containerOf(graph, graph.edges.find(({ id }) => id === adding.edgeId)?.source ?? '') !== undefined;
  const frame = graph.nodes.find(({ id }) => id === frameAt(graph, adding.flow, definitionOf));
  return frame !== undefined && (isContainer(frame, definitionOf) || containerOf(graph, frame.id) !== undefined);
}

/** Whether the node is a container or group that the next node belongs into. */
function isEmptyFrame(graph: Graph, id: string): boolean {
  const node = graph.nodes.find((candidate) => candidate.id === id);
  return node !== undefined && isFrame(node, definitionOf) && !graph.nodes.some(({ parentId }) => parentId === id);
}

const isIncomplete = (graph: Graph, id: string): boolean =>
  checkGraph(graph, definitionOf).some(({ nodeId, severity }) => nodeId === id && severity === 'error');
