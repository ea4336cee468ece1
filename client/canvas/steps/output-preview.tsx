import { useReactFlow, ViewportPortal } from '@xyflow/react';
import { useGraphNode } from '../../open-workflow/editor-store.ts';
import { useNodeValues } from '../../open-workflow/run-source.ts';
import { CostSum } from '../../ui/figures.tsx';
import { formatNumber } from '../../ui/format.ts';
import { useCanvasUi } from '../view/canvas-ui.ts';
import styles from './output-preview.module.css';

const MAX_LENGTH = 400;

/** A step’s output and cost, below its card, while the pointer rests on its state line. */
export function OutputPreview() {
  const nodeId = useCanvasUi((ui) => ui.preview);
  return nodeId ? <Preview nodeId={nodeId} /> : null;
}

function Preview({ nodeId }: { nodeId: string }) {
  const node = useGraphNode(nodeId);
  const step = useNodeValues(node?.data.key ?? '');
  const place = useReactFlow().getInternalNode(nodeId);
  if (!step || !place) return null;
  const { x, y } = place.internals.positionAbsolute;
  const models = step.calls.flatMap((call) => (call.record?.kind === 'model' ? [call.record] : []));
  const tokens = step.usage.inputTokens + step.usage.outputTokens;
  return (
    <ViewportPortal>
      <div className={styles.preview} style={{ transform: `translate(${x}px, ${y + (place.measured.height ?? 0) + 8}px)` }} role="tooltip">
        {step.error ? <p className={styles.error}>{step.error.message}</p> : <pre className={styles.output}>{short(step.output)}</pre>}
        {models.length > 0 && (
          <p className={styles.cost}>
            {formatNumber(tokens)} tokens · <CostSum of={step} demo={models.some((model) => model.demo)} />
          </p>
        )}
      </div>
    </ViewportPortal>
  );
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? 'nothing');
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)} …` : text;
}
