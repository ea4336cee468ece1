import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { EditorActions, EditorState, Selection } from './editor-state.ts';
import type { ActionParts } from './editor-tools.ts';
import { addNode, insertOnEdge } from './operations/add-node.ts';
import { arrange } from './operations/arrange.ts';
import { changeNode, moveNodes, remove, setNodeData } from './operations/change-nodes.ts';
import { connect, disconnect, setLoopLimit } from './operations/connect.ts';
import { dropNodes, fitFrames, frameAt, intoOrOut, originOf, putInto, withContents, wordsOfMove } from './operations/containers.ts';
import { fragmentOf, offsetBeside, offsetTo, pasteFragment, readFragment, writeFragment } from './operations/fragment.ts';
import type { Point } from './operations/geometry.ts';
import { makeGroup, outermost, ungroup } from './operations/groups.ts';
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
  | 'arrange'
  | 'group'
  | 'ungroup'
  | 'toggleDisabled'
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

/** Canvas gestures. Each sets the graph once, which makes it one undo step. */
export function canvasActions(parts: ActionParts): CanvasActions {
  const { set, get, tools, history } = parts;
  const change: Change = (graph, more = {}) => {
    if (get().readOnly) return;
    history.burst(undefined, () => set({ graph: fitFrames(graph, tools.definitions), ...more }));
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
    ...selectionActions(parts, change),
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
      const inside = at && frameAt(graph, at, tools.definitions);
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
      const places = outermost(graph, selection.nodes).map(({ id, position }) => [id, { x: position.x + x, y: position.y + y }] as const);
      if (!readOnly && places.length > 0)
        history.burst(`nudge ${selection.nodes.join(' ')}`, () => set({ graph: fitFrames(moveNodes(graph, new Map(places)), tools.definitions) }));
    },
    setNodeSize: (nodeId, { width, height }) => change(changeNode(get().graph, nodeId, (node) => ({ ...node, width, height }))),
    async tidyUp(sizes = new Map(), view = undefined) {
      const { tidied } = await import('./operations/tidy-graph.ts');
      change(tidied(get().graph, tools.definitions, { sizes, view }), { announcement: 'Layout tidied' });
    },
  };
  return actions;
}

/** Changes of everything selected. */
function selectionActions({ get, tools }: ActionParts, change: Change) {
  const actions: Pick<CanvasActions, 'arrange' | 'group' | 'ungroup' | 'toggleDisabled'> = {
    arrange(how, sizes) {
      const { graph, selection } = get();
      const next = arrange(graph, selection.nodes, how, sizes);
      if (next !== graph) change(next, { announcement: how === 'across' || how === 'down' ? 'Nodes distributed' : 'Nodes aligned' });
    },
    group(sizes) {
      const { graph, selection } = get();
      const made = makeGroup(graph, selection.nodes, sizes);
      if (made) change(made.graph, { selection: { nodes: [made.id], edges: [] }, announcement: 'Grouped' });
      return made?.id;
    },
    ungroup() {
      const { graph, selection } = get();
      const next = ungroup(graph, selection.nodes);
      if (next === graph) return false;
      const freed = graph.nodes.filter(({ parentId }) => selection.nodes.includes(parentId ?? '')).map(({ id }) => id);
      change(next, { selection: { nodes: freed, edges: [] }, announcement: 'Ungrouped' });
      return true;
    },
    toggleDisabled() {
      const { graph, selection } = get();
      const nodes = graph.nodes.filter((node) => selection.nodes.includes(node.id) && tools.definitions(node.type)?.role === 'step');
      if (nodes.length === 0) return false;
      const disabled = nodes.every(({ data }) => data.disabled) ? undefined : true;
      const next = nodes.reduce((changed, { id }) => setNodeData(changed, id, { disabled }), graph);
      change(next, { announcement: disabled ? 'Disabled' : 'Enabled' });
      return true;
    },
  };
  return actions;
}
