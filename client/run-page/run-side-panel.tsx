import { CloseButton, SegmentedControl } from '@mantine/core';
import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import { stepId } from '@switchyard/shared/run/address.ts';
import { type CSSProperties, useRef } from 'react';
import { NodeIcon } from '../node-look/node-icon.tsx';
import { useEditor, useGraphNode } from '../open-workflow/editor-store.ts';
import { useNodeStep, useRepliedAsFailure, useStepOf } from '../open-workflow/run-source.ts';
import { StepDetails } from '../step-details/step-details.tsx';
import { useChosenRound } from '../step-details/use-chosen-round.ts';
import { Resizer, usePanelSize } from '../ui/resizer.tsx';
import styles from '../workbench/side-panel.module.css';
import { usePanelKeys } from '../workbench/use-panel-keys.ts';

/** Details of the selected step in the displayed run. */
export function RunSidePanel({ runId }: { runId: string }) {
  const open = useEditor((state) => state.panel === 'inspector');
  const nodeId = useEditor((state) => (state.selection.nodes.length === 1 ? state.selection.nodes[0] : undefined));
  const node = useGraphNode(nodeId ?? '');
  return open && node ? <OpenStep node={node} runId={runId} /> : null;
}

function OpenStep({ node, runId }: { node: GraphNode; runId: string }) {
  const [width, setWidth] = usePanelSize('side', { initial: 380, min: 300, max: 760 });
  const side = useRef<HTMLElement>(null);
  const onKeyDown = usePanelKeys(side);
  return (
    <aside
      ref={side}
      className={styles.side}
      style={{ '--side-width': `${width}px` } as CSSProperties}
      tabIndex={-1}
      data-side-panel
      aria-label={`Step ${node.data.title}`}
      onKeyDown={onKeyDown}
    >
      <Resizer edge="left" size={width} onSize={setWidth} label="Width of the panel" />
      <StepPanel key={node.id} node={node} runId={runId} />
    </aside>
  );
}

function StepPanel({ node, runId }: { node: GraphNode; runId: string }) {
  const close = useEditor((state) => state.openPanel);
  const current = useNodeStep(node.data.key);
  const [round, setRound] = useChosenRound(node.id);
  const chosen = useStepOf(stepId(node.data.key, round ?? 1));
  const step = round === undefined ? current : (chosen ?? current);
  const repliedAsFailure = useRepliedAsFailure(step?.id);
  const definition = definitionOf(node.type);
  const rounds = Array.from({ length: current?.round ?? 1 }, (_, index) => String(index + 1));
  return (
    <>
      <header className={styles.header}>
        <NodeIcon icon={definition?.icon ?? ''} category={definition?.category ?? 'flow'} size={28} />
        <div className={styles.names}>
          <h2>{node.data.title}</h2>
          <code>{node.data.key}</code>
        </div>
        <CloseButton aria-label="Close" onClick={() => close(null)} />
      </header>
      <div className={styles.details}>
        {rounds.length > 1 && (
          <SegmentedControl
            aria-label="Round"
            className={styles.rounds}
            data={rounds.map((value) => ({ value, label: `Round ${value}` }))}
            value={String(step?.round ?? 1)}
            onChange={(value) => setRound(Number(value))}
          />
        )}
        {step ? (
          <StepDetails step={{ ...step, repliedAsFailure }} runId={runId} title={node.data.title} />
        ) : (
          <p className={styles.quiet}>This step hasn’t started at this point of the run.</p>
        )}
      </div>
    </>
  );
}
