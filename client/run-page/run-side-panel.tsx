import { CloseButton, SegmentedControl } from '@mantine/core';
import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import { frameOf, stepId } from '@switchyard/shared/run/address.ts';
import { type ItemCounts, isEnded, type StepState } from '@switchyard/shared/run/state.ts';
import { useNavigate } from '@tanstack/react-router';
import { type CSSProperties, useRef } from 'react';
import { useRunState } from '../live/run-hooks.ts';
import { NodeIcon } from '../node-look/node-icon.tsx';
import { useEditor, useGraphNode } from '../open-workflow/editor-store.ts';
import { useContainer, useNodeValues, useRepliedAsFailure, useStepOf } from '../open-workflow/run-source.ts';
import { showItem } from '../open-workflow/shown-item.ts';
import { ItemsPanel } from '../step-details/items-panel.tsx';
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
  const current = useNodeValues(node.data.key);
  const [round, setRound] = useChosenRound(node.id);
  const chosen = useStepOf(stepId(node.data.key, round ?? 1, current && frameOf(current.id)));
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
        {step?.items && <StepItems step={step} items={step.items} runId={runId} />}
        {step ? (
          <StepDetails step={{ ...step, repliedAsFailure }} runId={runId} title={node.data.title} />
        ) : (
          <p className={styles.quiet}>This step hasn’t started at this point of the run.</p>
        )}
      </div>
    </>
  );
}

/** The items of a for-each step, as they are now. */
function StepItems({ step, items, runId }: { step: StepState; items: ItemCounts; runId: string }) {
  const navigate = useNavigate();
  const graph = useEditor((state) => state.graph);
  const status = useRunState(runId).status;
  const container = useContainer(step);
  return (
    <ItemsPanel
      runId={runId}
      step={{ id: step.id, items }}
      isEnded={isEnded(status)}
      titleOf={(key) => graph.nodes.find(({ data }) => data.key === key)?.data.title ?? key}
      shown={container?.shown}
      onShow={(index) => showItem(container?.runId ?? runId, step.id, index)}
      onRetried={(retry) => void navigate({ to: '/runs/$id', params: { id: retry.id } })}
    />
  );
}
