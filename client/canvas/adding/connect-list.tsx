import { SegmentedControl, Select } from '@mantine/core';
import { definitionOf } from '@switchyard/nodes/catalog.ts';
import { type Graph, type GraphNode, outPort } from '@switchyard/shared/graph/graph.ts';
import { IconLineDashed } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { freeOutPort } from '../../graph-editing/operations/add-node.ts';
import { refusal } from '../../graph-editing/operations/connect.ts';
import { portsOf } from '../../graph-editing/operations/ports.ts';
import { NodeIcon } from '../../node-look/node-icon.tsx';
import { useEditor, useEditorApi, useGraphNode } from '../../open-workflow/editor-store.ts';
import { useReturnFocus } from '../../ui/use-return-focus.ts';
import { useCanvasUi, useCanvasUiApi } from '../view/canvas-ui.ts';
import { nodeElement } from '../view/use-canvas-focus.ts';
import styles from './connect-list.module.css';
import { type PickGroup, type PickItem, PickList } from './pick-list.tsx';

/** Connects the selected node to another one picked from a list, or removes its edges. The keyboard alternative to drawing an edge. */
export function ConnectList() {
  const from = useCanvasUi((ui) => ui.connectFrom);
  const node = useGraphNode(from ?? '');
  return node ? <ConnectFrom key={node.id} node={node} /> : null;
}

function ConnectFrom({ node }: { node: GraphNode }) {
  const ui = useCanvasUiApi();
  const editor = useEditorApi();
  const graph = useEditor((state) => state.graph);
  const box = useRef<HTMLDivElement>(null);
  useReturnFocus(box, () => nodeElement(node.id));
  const [search, setSearch] = useState('');
  const ports = portsOf(node, definitionOf).outputs;
  const [port, setPort] = useState(() => freeOutPort(graph, node.id, definitionOf)?.handle ?? '');
  const close = () => ui.setState({ connectFrom: null });
  const fits = ({ title, line }: PickItem) => `${title} ${line ?? ''}`.toLowerCase().includes(search.toLowerCase());
  const groups: PickGroup[] = [
    { title: 'Nodes', items: targetsOf(graph, node, port).filter(fits) },
    { title: 'Remove an edge', items: edgesOf(graph, node).filter(fits) },
  ].filter(({ items }) => items.length > 0);
  const pick = (id: string) => {
    const { connect, disconnect, announce } = editor.getState();
    if (graph.edges.some((edge) => edge.id === id)) disconnect([id]);
    else {
      connect({ source: node.id, sourceHandle: port, target: id });
      announce(`${node.data.title} connected to ${graph.nodes.find((other) => other.id === id)?.data.title ?? ''}`);
    }
    close();
  };
  return (
    <>
      <div className={styles.beside} onPointerDown={close} aria-hidden />
      <div ref={box} className={styles.box}>
        <h2 className={styles.title}>Connect {node.data.title} to</h2>
        <PortChoice ports={ports.map(({ id, label }) => ({ value: id, label: label ?? id }))} port={port} onPort={setPort} />
        <PickList
          label={`Connect ${node.data.title} to`}
          placeholder="Search nodes"
          search={search}
          onSearch={setSearch}
          groups={groups}
          first={groups[0]?.title === 'Nodes' ? groups[0].items[0]?.id : undefined}
          empty={ports.length === 0 ? 'This node has no output port.' : 'No nodes to connect to.'}
          onPick={pick}
          onClose={close}
        />
      </div>
    </>
  );
}

const iconOf = (node: GraphNode) => {
  const definition = definitionOf(node.type);
  return <NodeIcon icon={definition?.icon ?? ''} category={definition?.category ?? 'flow'} />;
};

/** The nodes that an edge from this port can lead to. */
const targetsOf = (graph: Graph, from: GraphNode, port: string): PickItem[] =>
  graph.nodes
    .filter((other) => portsOf(other, definitionOf).inputs.length > 0 && !refusal(graph, { source: from.id, sourceHandle: port, target: other.id }))
    .map((other) => ({ id: other.id, title: other.data.title, line: other.data.key, icon: iconOf(other) }));

/** The edges from a node, each named by its port and its target. */
function edgesOf(graph: Graph, from: GraphNode): PickItem[] {
  const ports = portsOf(from, definitionOf).outputs;
  return graph.edges
    .filter((edge) => edge.source === from.id)
    .map((edge) => {
      const port = ports.find(({ id }) => id === outPort(edge));
      const to = graph.nodes.find(({ id }) => id === edge.target)?.data.title ?? '';
      return { id: edge.id, title: `Edge to ${to}`, ...(port?.label && { line: `from ${port.label}` }), icon: <IconLineDashed size={20} stroke={1.6} /> };
    });
}

function PortChoice({ ports, port, onPort }: { ports: { value: string; label: string }[]; port: string; onPort: (port: string) => void }) {
  if (ports.length < 2) return null;
  if (ports.length < 4) return <SegmentedControl aria-label="Branch" className={styles.ports ?? ''} fullWidth data={ports} value={port} onChange={onPort} />;
  return <Select aria-label="Branch" className={styles.ports ?? ''} data={ports} value={port} onChange={(value) => value && onPort(value)} />;
}
