import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { sameJson } from '@switchyard/shared/same-json.ts';
import type { EditorActions, EditorState } from './editor-state.ts';
import type { ActionParts } from './editor-tools.ts';
import { type NodeDataPart, setNodeData } from './operations/change-nodes.ts';
import { changedLeaf } from './operations/changed-path.ts';
import { dropLostEdges } from './operations/drop-lost-edges.ts';
import { findNode, freeKey, isKeyOfTitle, keyFromTitle, keysOf } from './operations/node-names.ts';

type FieldActions = Pick<
  EditorActions,
  | 'setParams'
  | 'setTitle'
  | 'setData'
  | 'setPolicy'
  | 'renameKey'
  | 'setVars'
  | 'setHelpers'
  | 'select'
  | 'selectAll'
  | 'openPanel'
  | 'showProblem'
  | 'showNode'
  | 'showRound'
  | 'announce'
>;

/** A field whose text may be a port ID. */
const NAMES_PORT = / params\..+\.(?:id|name)$/;
const KEY = /^[a-z][a-z0-9_]*$/;
const RESERVED = ['in', 'true', 'false', 'null'];

/** Why a node can’t have this key, or undefined if it can (S2). */
export function keyRefusal(graph: Graph, nodeId: string, key: string): string | undefined {
  if (!KEY.test(key)) return 'Keys start with a lowercase letter and contain only lowercase letters, digits, and _';
  if (RESERVED.includes(key)) return `“${key}” is reserved in expressions`;
  const own = findNode(graph, nodeId)?.data.key;
  return key !== own && keysOf(graph).has(key) ? `Another node uses the key “${key}”` : undefined;
}

/** Field edits, the selection, and open panels. */
export function fieldActions({ set, get, tools, history }: ActionParts): FieldActions {
  const edit = (burst: string | undefined, graph: Graph) => {
    if (get().readOnly || graph === get().graph) return;
    history.burst(burst, () => set({ graph }));
  };
  /** Changes one node. Edges of ports that it loses go in the same undo step. */
  const editNode = (nodeId: string, burst: string | undefined, part: NodeDataPart) => {
    const { graph } = get();
    const changed = setNodeData(graph, nodeId, part);
    // Erasing a name to type another doesn’t remove its port, which is shown as unknown meanwhile.
    edit(burst, burst && NAMES_PORT.test(burst) ? changed : dropLostEdges(graph, changed, nodeId, tools.definitions));
  };
  return {
    setParams(nodeId, params) {
      const node = findNode(get().graph, nodeId);
      if (!node || sameJson(node.data.params, params)) return;
      const leaf = changedLeaf(node.data.params, params);
      editNode(nodeId, leaf && `${nodeId} params${leaf}`, { params });
    },
    setTitle(nodeId, title) {
      const { graph } = get();
      const node = findNode(graph, nodeId);
      if (!node || node.data.title === title) return;
      const titled = setNodeData(graph, nodeId, { title });
      const others = { ...graph, nodes: graph.nodes.filter((other) => other !== node) };
      const key = isKeyOfTitle(node.data) ? freeKey(keyFromTitle(title), keysOf(others)) : node.data.key;
      edit(`${nodeId} title`, tools.renameKey(titled, tools.definitions, nodeId, key));
    },
    setData(nodeId, part) {
      const node = findNode(get().graph, nodeId);
      if (!node || sameJson({ ...node.data, ...part }, node.data)) return;
      const leaf = changedLeaf(node.data, { ...node.data, ...part });
      editNode(nodeId, leaf && `${nodeId} data${leaf}`, part);
    },
    setPolicy(nodeId, policy) {
      const node = findNode(get().graph, nodeId);
      if (!node || sameJson(node.data.policy, policy)) return;
      const leaf = changedLeaf(node.data.policy ?? {}, policy);
      editNode(nodeId, leaf && `${nodeId} policy${leaf}`, { policy });
    },
    renameKey(nodeId, key) {
      const { graph } = get();
      const refused = keyRefusal(graph, nodeId, key);
      if (refused) return refused;
      if (findNode(graph, nodeId)?.data.key !== key) edit(undefined, tools.renameKey(graph, tools.definitions, nodeId, key));
      return undefined;
    },
    setVars(vars) {
      const leaf = changedLeaf(get().graph.vars ?? {}, vars);
      if (!sameJson(get().graph.vars, vars)) edit(leaf && `vars${leaf}`, { ...get().graph, vars });
    },
    setHelpers(helpers) {
      const { helpers: before = '', ...rest } = get().graph;
      if (helpers !== before) edit('helpers', helpers === '' ? rest : { ...rest, helpers });
    },
    ...viewActions({ set, get }),
  };
}

const openOn = (nodeId: string): Pick<EditorState, 'selection' | 'panel'> => ({ selection: { nodes: [nodeId], edges: [] }, panel: 'inspector' });

function viewActions({
  set,
  get,
}: Pick<ActionParts, 'set' | 'get'>): Pick<FieldActions, 'select' | 'selectAll' | 'openPanel' | 'showProblem' | 'showNode' | 'showRound' | 'announce'> {
  return {
    select(nodes, edges = []) {
      const { selection } = get();
      if (sameJson(selection, { nodes, edges })) return;
      set({ selection: { nodes, edges } });
    },
    selectAll: () => set({ selection: { nodes: get().graph.nodes.map((node) => node.id), edges: [] } }),
    openPanel: (panel) => set({ panel }),
    showProblem(problem) {
      const place: Partial<EditorState> = problem.nodeId
        ? {
            ...openOn(problem.nodeId),
            reveal: { nodeId: problem.nodeId, ...(problem.field !== undefined && { field: problem.field }) },
          }
        : { selection: { nodes: [], edges: problem.edgeId ? [problem.edgeId] : [] } };
      set(place);
    },
    showNode: (nodeId) => set({ ...openOn(nodeId), reveal: { nodeId } }),
    showRound: (nodeId, round) => set({ ...openOn(nodeId), reveal: { nodeId, round } }),
    announce: (words) => set({ announcement: words }),
  };
}
