import '@xyflow/react/dist/style.css';
import { type Connection, type NodeMouseHandler, type OnConnectEnd, ReactFlow, useReactFlow } from '@xyflow/react';

import { type ReactNode, useCallback, useRef, useState } from 'react';
import { refusal } from '../graph-editing/operations/connect.ts';
import { useEditor, useEditorApi } from '../open-workflow/editor-store.ts';
import styles from './canvas.module.css';
import { CanvasDots } from './canvas-dots.tsx';
import { DroppedEdgeLine } from './edges/dropped-edge-line.tsx';
import { FlowEdgePath } from './edges/edge.tsx';
import { RefusedEdge } from './edges/refused-edge.tsx';
import { RouteKeeper } from './edges/routing/route-keeper.ts';
import { createRoutes, RoutesContext } from './edges/routing/routes.ts';
import { useContextMenus } from './menu/use-context-menus.ts';
import { Minimap } from './minimap.tsx';
import { ContainerNode } from './steps/container-node.tsx';
import { GroupNode } from './steps/group-node.tsx';
import { NoteNode } from './steps/note-node.tsx';
import { StepNode } from './steps/step-node.tsx';
import { HoverTools } from './tools/hover-tools.tsx';
import { SelectionBar } from './tools/selection-bar.tsx';
import { useFlowNodes } from './use-flow-nodes.ts';
import { useNodeDrag } from './use-node-drag.ts';
import { useCanvasUi, useCanvasUiApi } from './view/canvas-ui.ts';
import type { FlowEdge, FlowNode } from './view/flow-graph.ts';
import { useCanvasFocus } from './view/use-canvas-focus.ts';
import { FIT_ALL } from './view/viewport.ts';
import { ZoomLevel } from './view/zoom-level.ts';

const nodeTypes = { step: StepNode, note: NoteNode, container: ContainerNode, frame: GroupNode };
const edgeTypes = { forward: FlowEdgePath, loop: FlowEdgePath };
/** Stable reference: a new array makes React Flow re-attach its listeners and repaint all nodes. */
const OTHER_BUTTONS = [1, 2];
/** While held, a click toggles a node in the selection. */
const ADDING_KEYS = ['Shift', 'Meta', 'Control'];
const coarse = typeof matchMedia !== 'undefined' && matchMedia('(pointer: coarse)').matches;

/** The drawing: nodes, edges, and pointer handling. `children` are rendered on top. */
export function Canvas({ children }: { children?: ReactNode }) {
  const root = useRef<HTMLDivElement>(null);
  const readOnly = useEditor((state) => state.readOnly);
  const { nodes, edges, onNodesChange, onEdgesChange, settle } = useFlowNodes();
  const panning = useCanvasUi((ui) => ui.panning);
  const drag = useNodeDrag(root, settle);
  const wiring = useWiring();
  const menus = useContextMenus();
  const onNodeClick = useOpenOnClick();
  const onFocus = useCanvasFocus(root);
  const pan = panning || coarse;
  const [routes] = useState(createRoutes);
  return (
    <RoutesContext.Provider value={routes}>
      {/* Only observes the focus of the nodes inside. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: see above */}
      <div ref={root} className={styles.canvas} data-panning={panning || undefined} onFocus={onFocus} data-canvas>
        <ReactFlow<FlowNode, FlowEdge>
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          onNodesChange={onNodesChange}
          onEdgesChange={onEdgesChange}
          onNodeClick={onNodeClick}
          onMoveStart={() => root.current?.toggleAttribute('data-moving', true)}
          onMoveEnd={() => root.current?.toggleAttribute('data-moving', false)}
          {...drag}
          {...wiring}
          {...menus}
          nodesDraggable={!readOnly && !panning}
          nodesConnectable={!readOnly}
          nodeDragThreshold={3}
          edgesFocusable={false}
          edgesReconnectable={false}
          disableKeyboardA11y
          deleteKeyCode={null}
          selectionOnDrag={!pan}
          panOnDrag={pan ? true : OTHER_BUTTONS}
          selectionKeyCode={pan ? 'Shift' : null}
          multiSelectionKeyCode={ADDING_KEYS}
          panOnScroll
          panActivationKeyCode="Space"
          connectionRadius={26}
          minZoom={0.15}
          maxZoom={2}
          fitView
          fitViewOptions={FIT_ALL}
          attributionPosition="top-right"
          elevateNodesOnSelect={false}
          aria-label="Canvas. Tab moves between nodes; arrow keys follow edges."
        >
          <CanvasDots />
          <Minimap />
          <DroppedEdgeLine />
          <RefusedEdge />
          <RouteKeeper />
          <ZoomLevel root={root} />
          <SelectionBar />
          <HoverTools root={root} />
          {children}
        </ReactFlow>
      </div>
    </RoutesContext.Provider>
  );
}

/** Drawing edges: which connections are valid, and what happens when one is dropped. */
function useWiring() {
  const editor = useEditorApi();
  const ui = useCanvasUiApi();
  const { screenToFlowPosition } = useReactFlow();
  const isValidConnection = useCallback((edge: Connection | FlowEdge) => !refusal(editor.getState().graph, edge), [editor]);
  const onConnect = useCallback((edge: Connection) => editor.getState().connect(edge), [editor]);
  const onConnectEnd = useCallback<OnConnectEnd>(
    (event, state) => {
      if (state.isValid || !state.fromHandle || editor.getState().readOnly) return;
      const point = 'changedTouches' in event ? event.changedTouches[0] : event;
      if (!point) return;
      const screen = { x: point.clientX, y: point.clientY };
      const under = document.elementFromPoint(screen.x, screen.y);
      const { nodeId, id, type } = state.fromHandle;
      const target = under?.closest<HTMLElement>('.react-flow__node')?.dataset.id;
      if (target) {
        const reason = refusal(editor.getState().graph, type === 'source' ? { source: nodeId, target } : { source: target, target: nodeId });
        if (reason) editor.getState().announce(reason);
        if (type === 'source' && target !== nodeId) editor.getState().connect({ source: nodeId, sourceHandle: id ?? null, target });
        return;
      }
      if (!under?.closest('.react-flow__pane')) return;
      ui.setState({ adding: { kind: 'port', screen, flow: screenToFlowPosition(screen), fromPort: { nodeId, handle: id ?? 'out', side: type } } });
    },
    [editor, ui, screenToFlowPosition],
  );
  return { isValidConnection, onConnect, onConnectEnd };
}

/** A plain click on a node opens it. With a modifier key it only selects. */
function useOpenOnClick(): NodeMouseHandler<FlowNode> {
  const editor = useEditorApi();
  return useCallback(
    (event) => {
      if (event.shiftKey || event.metaKey || event.ctrlKey) return;
      editor.getState().openPanel('inspector');
    },
    [editor],
  );
}
