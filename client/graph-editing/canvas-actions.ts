import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { EditorActions, EditorState, Selection } from './editor-state.ts';
import type { ActionParts } from './editor-tools.ts';
import { addNode, insertOnEdge } from './operations/add-node.ts';
import { changeNode, moveNodes, remove } from './operations/change-nodes.ts';
import { connect, disconnect, setLoopLimit } from './operations/connect.ts';
import {
  containerAt,
  dropNodes,
  fitContainers,
  intoOrOut,
  isContainer,
  levelsOf,
  originOf,
  putInto,
  sizeOfContainer,
  withContents,
  wordsOfMove,
} from './operations/containers.ts';
import { fragmentOf, offsetBeside, offsetTo, pasteFragment, readFragment, writeFragment } from './operations/fragment.ts';
import type { Point, Size } from './operations/geometry.ts';
import { findNode } from './operations/node-names.ts';

type CanvasActions = Pick<
  EditorActions,
  | 'addNode'
  | 'insertOnEdge'
  | 'connect'
  | 'disconnect'
  | 'setLoopLimit'
  | 'moveNodes'
  | 'dropNodes'
  | 'moveIntoContainer'
  | 'nudge'
  | 'setNodeSize'
  | 'setGraph'
  | 'deleteSelection'
  | 'duplicateSelection'
  | 'copyText'
  | 'pasteText'
  | 'tidyUp'
  | 'undo'
  | 'redo'
>;

const NOTHING: Selection = { nodes: [], edges: [] };
const PASTE_STEP: Point = { x: 32, y: 32 };
const DEFAULT_SIZE: Size = { width: 200, height: 96 };

/** Canvas gestures. Each sets the graph once, which makes it one undo step. */
export function canvasActions(parts: ActionParts): CanvasActions {
  const { set, get, tools, history } = parts;
  const change: Change = (graph, more = {}) => {
    if (get().readOnly) return;
    history.burst(undefined, () => set({ graph: fitContainers(graph, tools.definitions), ...more }));
  };
  const paste = (fragment: Graph, at: Parameters<typeof pasteFragment>[2], words: string) => {
    const { graph, ids } = pasteFragment(get().graph, fragment, at, { catalog: tools.definitions, rename: tools.renameKey });
    change(graph, { selection: { nodes: ids, edges: [] }, announcement: words });
  };
  return {
    addNode(type, position, options) {
      const definition = tools.definitions(type);
      if (!definition || get().readOnly) return undefined;
      const { graph, id } = addNode(get().graph, definition, position, tools.definitions, options);
      change(graph, { selection: { nodes: [id], edges: [] }, announcement: `${options?.preset?.title ?? definition.title} added` });
      return id;
    },
    insertOnEdge(nodeId, edgeId, position) {
      const { graph } = get();
      const beside = findNode(graph, graph.edges.find(({ id }) => id === edgeId)?.source ?? '');
      const moved = putInto(graph, nodeId, beside?.parentId, position);
      const node = findNode(moved, nodeId);
      if (node) change(insertOnEdge(moved, node, edgeId, tools.definitions));
    },
    connect: (edge) => change(connect(get().graph, edge)),
    disconnect: (edgeIds) => change(disconnect(get().graph, edgeIds), { selection: NOTHING, announcement: 'Edge removed' }),
    setLoopLimit: (edgeId, limit) => change(setLoopLimit(get().graph, edgeId, limit)),
    ...moveActions(parts, change),
    setGraph: (graph) => change(graph),
    deleteSelection() {
      const { graph, selection } = get();
      const left = remove(graph, [...withContents(graph, selection.nodes)], selection.edges);
      const count = graph.nodes.length - left.nodes.length;
      const words = count === 0 ? 'Edge removed' : count === 1 ? 'Node removed' : `${count} nodes removed`;
      if (left !== graph) change(left, { selection: NOTHING, announcement: words });
    },
    duplicateSelection() {
      const fragment = fragmentOf(get().graph, get().selection.nodes);
      if (fragment.nodes.length > 0) paste(fragment, { offset: offsetBeside(get().graph, fragment, PASTE_STEP), stays: true }, 'Duplicated');
    },
    copyText() {
      const fragment = fragmentOf(get().graph, get().selection.nodes);
      return fragment.nodes.length > 0 ? writeFragment(fragment) : undefined;
    },
    pasteText(text, at) {
      const fragment = readFragment(text);
      if (!fragment || get().readOnly) return false;
      const { graph } = get();
      const inside = at && containerAt(graph, at, tools.definitions);
      const origin = originOf(graph, inside);
      const offset = at ? offsetTo(fragment, { x: at.x - origin.x, y: at.y - origin.y }) : offsetBeside(graph, fragment, PASTE_STEP);
      paste(fragment, { offset, inside, stays: !at }, fragment.nodes.length === 1 ? 'Pasted' : `${fragment.nodes.length} nodes pasted`);
      return true;
    },
    undo: () => history.undo(),
    redo: () => history.redo(),
  };
}

type Change = (graph: Graph, more?: Partial<EditorState>) => void;

/** Gestures that move nodes and change their size. */
function moveActions({ set, get, tools, history }: ActionParts, change: Change) {
  const actions: Pick<CanvasActions, 'moveNodes' | 'dropNodes' | 'moveIntoContainer' | 'nudge' | 'setNodeSize' | 'tidyUp'> = {
    moveNodes: (places) => change(moveNodes(get().graph, places)),
    dropNodes(dropped) {
      const { graph } = get();
      const next = dropNodes(graph, dropped, tools.definitions);
      change(next, { announcement: wordsOfMove(graph, next) });
    },
    moveIntoContainer() {
      const { graph, selection, readOnly } = get();
      const next = readOnly ? graph : intoOrOut(graph, selection.nodes, tools.definitions);
      if (next !== graph) change(next, { announcement: wordsOfMove(graph, next) });
      return next !== graph;
    },
    nudge({ x, y }) {
      const { graph, selection, readOnly } = get();
      const places = graph.nodes
        .filter(({ id }) => selection.nodes.includes(id))
        .map(({ id, position }) => [id, { x: position.x + x, y: position.y + y }] as const);
      if (!readOnly && places.length > 0)
        history.burst(`nudge ${selection.nodes.join(' ')}`, () => set({ graph: fitContainers(moveNodes(graph, new Map(places)), tools.definitions) }));
    },
    setNodeSize: (nodeId, { width, height }) => change(changeNode(get().graph, nodeId, (node) => ({ ...node, width, height }))),
    async tidyUp(sizes) {
      const { tidyPlaces } = await import('./operations/tidy-up.ts');
      const tidy = (graph: Graph, { level }: { level: Graph }): Graph => {
        const sizeOf = (id: string): Size => {
          const node = findNode(graph, id);
          return node && isContainer(node, tools.definitions) ? sizeOfContainer(node) : (sizes?.get(id) ?? DEFAULT_SIZE);
        };
        return fitContainers(moveNodes(graph, tidyPlaces(level, sizeOf)), tools.definitions);
      };
      change(levelsOf(get().graph).reduce(tidy, get().graph), { announcement: 'Layout tidied' });
    },
  };
  return actions;
}
