import { definitionOf } from '@switchyard/nodes/catalog.ts';
import { IN } from '@switchyard/shared/graph/graph.ts';
import { Handle, type NodeProps, NodeResizeControl, Position } from '@xyflow/react';
import { memo, useMemo } from 'react';
import { portsOf } from '../../graph-editing/operations/ports.ts';
import { NodeIcon } from '../../node-look/node-icon.tsx';
import { useEditor, useEditorApi } from '../../open-workflow/editor-store.ts';
import { portIsLive, useNodeStep, useRunIsOld } from '../../open-workflow/run-source.ts';
import { ItemBar } from '../../run-look/item-bar.tsx';
import { PinBadge } from '../badges/pin-badge.tsx';
import { ReplayRow } from '../replay/replay-row.tsx';
import type { FlowNode } from '../view/flow-graph.ts';
import { ChangeMark } from './change-mark.tsx';
import styles from './container-node.module.css';
import { ItemCountsLine } from './item-counts.tsx';
import { ItemStrip } from './item-strip.tsx';
import { RichLine } from './node-graphics.tsx';
import { ProblemDot } from './problem-dot.tsx';
import { SampleRow } from './sample-row.tsx';
import cardStyles from './step-card.module.css';

/** A container: a title bar with its ports, its progress, and a strip of its items, on a soft ground for the nodes inside. */
export const ContainerNode = memo(function ContainerNode({ id, data: { node, problems }, selected }: NodeProps<FlowNode>) {
  const last = useNodeStep(node.data.key);
  const isOld = useRunIsOld();
  const readOnly = useEditor((state) => state.readOnly);
  const step = isOld ? undefined : last;
  const definition = definitionOf(node.type);
  const ports = useMemo(() => portsOf(node, definitionOf), [node]);
  return (
    <div className={styles.container} data-state={step?.status} data-disabled={node.data.disabled || undefined} data-selected={selected || undefined}>
      <header className={styles.head}>
        <NodeIcon icon={definition?.icon ?? ''} category={definition?.category ?? 'flow'} />
        <span className={styles.title}>{node.data.title}</span>
        <p className={styles.line}>
          <RichLine text={definition?.line(node.data.params) ?? ''} />
        </p>
        <ItemCountsLine step={last} />
        {ports.inputs.length > 0 && (
          <Handle
            type="target"
            position={Position.Left}
            id={IN}
            className={cardStyles.port}
            data-live={(step && step.status !== 'skipped') || undefined}
            style={{ top: HEAD_MIDDLE }}
          />
        )}
        {ports.outputs.map((port, index) => (
          <Handle
            key={port.id}
            type="source"
            position={Position.Right}
            id={port.id}
            title={port.label}
            className={cardStyles.port}
            data-live={portIsLive(step, port.id) || undefined}
            style={{ top: HEAD_MIDDLE + index * 24 }}
          />
        ))}
      </header>
      <ItemBar items={last?.items} height={3} />
      <ItemStrip step={last} />
      <SampleRow nodeId={id} />
      <ReplayRow nodeId={id} />
      <ChangeMark nodeId={id} />
      <PinBadge nodeKey={node.data.key} />
      {problems.length > 0 && <ProblemDot node={node} found={problems} />}
      {selected && !readOnly && <Corner nodeId={id} />}
    </div>
  );
});

/** Center of the title bar. */
const HEAD_MIDDLE = 23;

function Corner({ nodeId }: { nodeId: string }) {
  const editor = useEditorApi();
  const isAlone = useEditor((state) => state.selection.nodes.length === 1);
  if (!isAlone) return null;
  return (
    <NodeResizeControl
      minWidth={320}
      minHeight={160}
      className={styles.corner ?? ''}
      onResizeEnd={(_, { width, height }) => editor.getState().setNodeSize(nodeId, { width: Math.round(width), height: Math.round(height) })}
    />
  );
}
