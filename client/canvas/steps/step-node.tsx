import { definitionOf } from '@switchyard/nodes/catalog.ts';
import { ERROR_PORT, IN } from '@switchyard/shared/graph/graph.ts';
import type { Port, Ports } from '@switchyard/shared/graph/node-kind.ts';
import type { StepState } from '@switchyard/shared/run/state.ts';
import { Link } from '@tanstack/react-router';
import { Handle, type NodeProps, Position, useUpdateNodeInternals } from '@xyflow/react';
import { type MouseEvent, memo, Suspense, useEffect, useMemo, useRef } from 'react';
import { portsOf } from '../../graph-editing/operations/ports.ts';
import { useFallback } from '../../live/run-hooks.ts';
import { useGraphMark } from '../../open-workflow/graph-marks.ts';
import { portIsLive, useNodeStep, useRepliedAsFailure, useRunIsOld, useShownRunId } from '../../open-workflow/run-source.ts';
import { shortFallback } from '../../run-look/fallback-labels.ts';
import { lazyPart } from '../../ui/lazy-part.ts';
import { PinBadge } from '../badges/pin-badge.tsx';
import { ReplayRow } from '../replay/replay-row.tsx';
import { useCanvasUiApi } from '../view/canvas-ui.ts';
import { type FlowNode, PORT_SEPARATOR, type UsedPorts } from '../view/flow-graph.ts';
import { useZoomedOut } from '../view/zoom-level.ts';
import { ChangeMark } from './change-mark.tsx';
import { CardHead } from './node-graphics.tsx';
import { ProblemDot } from './problem-dot.tsx';
import { SampleRow } from './sample-row.tsx';
import { confidenceOf } from './state-line.ts';
import { LastRunRow, StateLineRow } from './state-line-row.tsx';
import styles from './step-card.module.css';
import { StreamedText } from './streamed-text.tsx';

const ProposalBadge = lazyPart(() => import('../badges/proposal-badge.tsx').then((module) => module.ProposalBadge));

/** A node’s card: its settings in brief, its ports, and its step’s state in the displayed run. */
export const StepNode = memo(function StepNode({ data: { node, used, problems } }: NodeProps<FlowNode>) {
  const last = useNodeStep(node.data.key);
  const isOld = useRunIsOld();
  const step = isOld ? undefined : last;
  const asFailure = useRepliedAsFailure(last?.id);
  const definition = definitionOf(node.type);
  const ports = useMemo(() => portsOf(node, definitionOf), [node]);
  const unknown = useMemo(() => unknownPorts(ports, used), [ports, used]);
  useKnownPorts(node.id, [...ports.outputs.map((port) => port.id), ...unknown.inputs, ...unknown.outputs].join(' '));
  const isRemoved = useGraphMark(node.id)?.kind === 'removed';
  const skipped = step?.status === 'skipped';
  const rows = ports.outputs.length > 1 || ports.outputs.some((port) => port.label);
  return (
    <div
      className={styles.card}
      data-state={asFailure && step ? 'failed' : step?.status}
      data-unknown={!definition || undefined}
      data-disabled={node.data.disabled || undefined}
      data-removed={isRemoved || undefined}
    >
      {step?.status === 'running' && <div className={styles.runningLine} />}
      {ports.inputs.length > 0 && (
        <Handle
          type="target"
          position={Position.Left}
          id={IN}
          className={styles.port}
          data-live={(step && !skipped) || undefined}
          style={{ top: HEAD_MIDDLE }}
        />
      )}
      <CardHead
        icon={definition?.icon ?? ''}
        category={definition?.category ?? 'flow'}
        title={node.data.title}
        line={definition ? definition.line(node.data.params) : `Unknown node type “${node.type}”. It’s kept but can’t run.`}
        muted={skipped}
      />
      <ChangeMark nodeId={node.id} />
      {problems.length > 0 && <ProblemDot node={node} found={problems} />}
      <Round step={step} />
      {rows
        ? ports.outputs.map((port) => <PortRow key={port.id} id={port.id} label={port.label ?? port.id} step={last} isOld={isOld} />)
        : ports.outputs.map((port) => (
            <Handle
              key={port.id}
              type="source"
              position={Position.Right}
              id={port.id}
              className={styles.port}
              data-live={portIsLive(step, port.id) || undefined}
              style={{ top: HEAD_MIDDLE }}
            />
          ))}
      <UnknownPorts {...unknown} />
      {step?.status === 'running' && <Streaming step={step} />}
      {node.data.disabled && !last && <div className={styles.off}>Disabled: passes input through</div>}
      <PinBadge nodeKey={node.data.key} />
      {node.data.params.authority !== undefined && (
        <Suspense fallback={null}>
          <ProposalBadge nodeKey={node.data.key} />
        </Suspense>
      )}
      <SampleRow nodeId={node.id} />
      <ReplayRow nodeId={node.id} />
      {step && <StateLineRow step={step} nodeId={node.id} asFailure={asFailure} />}
      {last && isOld && <LastRunRow step={last} nodeId={node.id} asFailure={asFailure} />}
      {step?.childRunId && (
        <Link className={`${styles.inbox} nodrag nopan`} to="/runs/$id" params={{ id: step.childRunId }} onClick={stopPropagation}>
          Open child run
        </Link>
      )}
      {step?.wait && 'reviewId' in step.wait && (
        <Link className={`${styles.inbox} nodrag nopan`} to="/inbox" search={{ task: step.wait.reviewId }} onClick={stopPropagation}>
          Open in Inbox
        </Link>
      )}
    </div>
  );
});

/** A click on a link in a card must not also open the card. */
const stopPropagation = (event: MouseEvent): void => event.stopPropagation();

/** Ports that edges use but the node doesn’t have. They are rendered to keep those edges visible and removable. */
function unknownPorts(ports: Ports, used: UsedPorts): { inputs: string[]; outputs: string[] } {
  const others = (ids: string, known: readonly Port[]) => (ids === '' ? [] : ids.split(PORT_SEPARATOR).filter((id) => !known.some((port) => port.id === id)));
  return { inputs: others(used.inputs, ports.inputs), outputs: others(used.outputs, ports.outputs) };
}

function UnknownPorts({ inputs, outputs }: { inputs: readonly string[]; outputs: readonly string[] }) {
  return (
    <>
      {inputs.map((id) => (
        <div key={`in ${id}`} className={styles.portRow} data-unknown data-side="in" title="This node has no such port">
          <Handle type="target" position={Position.Left} id={id} className={styles.port} isConnectable={false} data-unknown />
          <span className={styles.portLabel}>{id}</span>
        </div>
      ))}
      {outputs.map((id) => (
        <div key={`out ${id}`} className={styles.portRow} data-unknown title="This node has no such port">
          <span className={styles.portLabel}>{id}</span>
          <Handle type="source" position={Position.Right} id={id} className={styles.port} isConnectable={false} data-unknown />
        </div>
      ))}
    </>
  );
}

/** React Flow measures ports only when a card changes its size. Without this, a node whose ports were only renamed would lose its edges. */
function useKnownPorts(nodeId: string, ports: string): void {
  const ui = useCanvasUiApi();
  const lookAgain = useUpdateNodeInternals();
  const known = useRef(ports);
  useEffect(() => {
    if (known.current === ports) return;
    known.current = ports;
    if (!ui.getState().far) return lookAgain(nodeId);
    // Ports are not rendered far out. Measured once they are again.
    return ui.subscribe(({ far }) => !far && requestAnimationFrame(() => lookAgain(nodeId)));
  }, [ui, lookAgain, nodeId, ports]);
}

/** Center of the title row, where the ports of a node without branches are. */
const HEAD_MIDDLE = 22;

function PortRow({ id, label, step, isOld }: { id: string; label: string; step: StepState | undefined; isOld: boolean }) {
  const taken = portIsLive(step, id);
  const live = taken && !isOld;
  const confidence = taken && step?.nodeType === 'classify' ? confidenceOf(step) : undefined;
  return (
    <div className={styles.portRow} data-live={live || undefined} data-error={id === ERROR_PORT || undefined}>
      <span className={styles.portLabel}>{label}</span>
      {confidence && <span className={styles.confidence}>{confidence}</span>}
      <Handle
        type="source"
        position={Position.Right}
        id={id}
        className={styles.port}
        data-live={live || undefined}
        data-error={id === ERROR_PORT || undefined}
      />
    </div>
  );
}

function Round({ step }: { step: StepState | undefined }) {
  if (!step || step.round < 2) return null;
  return (
    <span className={styles.round} title={`Round ${step.round}`}>
      round {step.round}
    </span>
  );
}

/** The text that a running step streams, below the reason for a fallback. */
function Streaming({ step }: { step: StepState }) {
  const runId = useShownRunId();
  const fallback = useFallback(runId, step);
  // Skipped when zoomed out: the text is unreadable and each token costs a layout.
  if (useZoomedOut()) return null;
  return (
    <>
      {fallback && <div className={styles.fellBack}>{shortFallback(fallback)}</div>}
      <StreamedText runId={runId} stepId={step.id} />
    </>
  );
}
