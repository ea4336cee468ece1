import '@xyflow/react/dist/style.css';
import { type Edge, type Node, ReactFlow, type ReactFlowInstance, useEdgesState, useNodesState } from '@xyflow/react';
import { createRoot } from 'react-dom/client';

/*
 * The floor of dragging: React Flow as in its documentation, with its default nodes and edges. The bench calls `drawFlow` with the editor's
 * nodes and edges, and moves the view through `flow`.
 */

interface Drawing {
  readonly nodes: Node[];
  readonly edges: Edge[];
}

declare global {
  interface Window {
    drawFlow(drawing: Drawing): void;
    flow: ReactFlowInstance;
  }
}

function Flow({ drawing }: { drawing: Drawing }) {
  const [nodes, , onNodesChange] = useNodesState(drawing.nodes);
  const [edges, , onEdgesChange] = useEdgesState(drawing.edges);
  return (
    <div style={{ position: 'fixed', inset: 0 }}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onInit={(flow) => {
          window.flow = flow;
        }}
        minZoom={0.15}
        panOnScroll
        fitView
      />
    </div>
  );
}

const root = document.createElement('div');
document.body.append(root);
window.drawFlow = (drawing) => createRoot(root).render(<Flow drawing={drawing} />);
