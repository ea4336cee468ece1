import { SegmentedControl, Select } from '@mantine/core';
import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import { useState } from 'react';
import { useEditor, useEditorApi, useGraphNode } from '../editor/editor-store.ts';
import { freeOutPort } from '../editor/operations/add-node.ts';
import { refusal } from '../editor/operations/connect.ts';
import { portsOf } from '../editor/operations/ports.ts';
import { NodeIcon } from '../ui/node-icon.tsx';
import { useCanvasUi, useCanvasUiApi } from './canvas-ui.ts';
import styles from './connect-list.module.css';
import { PickList } from './pick-list.tsx';

/** Connects the selected step to another by a list: the way to draw a wire without a pointer. */
export function ConnectList() {
  const from = useCanvasUi((ui) => ui.connectFrom);
  const node = useGraphNode(from ?? '');
  return node ? <ConnectFrom key={node.id} node={node} /> : null;
}

function ConnectFrom({ node }: { node: GraphNode }) {
  const ui = useCanvasUiApi();
  const editor = useEditorApi();
  const graph = useEditor((state) => state.graph);
  const [search, setSearch] = useState('');
  const ports = portsOf(node, definitionOf).outputs;
  const [port, setPort] = useState(() => freeOutPort(graph, node.id, definitionOf)?.handle ?? '');
  const close = () => ui.setState({ connectFrom: null });
  const targets = graph.nodes.filter(
    (other) =>
      portsOf(other, definitionOf).inputs.length > 0 &&
      !refusal(graph, { source: node.id, sourceHandle: port, target: other.id }) &&
      `${other.data.title} ${other.data.key}`.toLowerCase().includes(search.toLowerCase()),
  );
  const items = targets.map((target) => {
    const definition = definitionOf(target.type);
    return {
      id: target.id,
      title: target.data.title,
      line: target.data.key,
      icon: <NodeIcon icon={definition?.icon ?? ''} category={definition?.category ?? 'flow'} />,
    };
  });
  return (
    <>
      <div className={styles.beside} onPointerDown={close} aria-hidden />
      <div className={styles.box}>
        <h2 className={styles.title}>Connect {node.data.title} to</h2>
        <PortChoice ports={ports.map(({ id, label }) => ({ value: id, label: label ?? id }))} port={port} onPort={setPort} />
        <PickList
          label={`Connect ${node.data.title} to`}
          placeholder="Find a step"
          search={search}
          onSearch={setSearch}
          groups={items.length > 0 ? [{ title: 'Steps', items }] : []}
          first={items[0]?.id}
          empty={ports.length === 0 ? 'This step has no way out.' : 'There is no step to connect it to.'}
          onPick={(target) => {
            editor.getState().connect({ source: node.id, sourceHandle: port, target });
            editor.getState().announce(`${node.data.title} connected`);
            close();
          }}
          onClose={close}
        />
      </div>
    </>
  );
}

function PortChoice({ ports, port, onPort }: { ports: { value: string; label: string }[]; port: string; onPort: (port: string) => void }) {
  if (ports.length < 2) return null;
  if (ports.length < 4) return <SegmentedControl aria-label="Way out" className={styles.ports ?? ''} fullWidth data={ports} value={port} onChange={onPort} />;
  return <Select aria-label="Way out" className={styles.ports ?? ''} data={ports} value={port} onChange={(value) => value && onPort(value)} />;
}
