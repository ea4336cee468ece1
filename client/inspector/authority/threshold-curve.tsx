import type { NodeAuthority } from '@switchyard/shared/contracts/evaluation/authority.ts';
import { compileTemplate } from '@switchyard/shared/expression/template.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { useEditor, useEditorApi } from '../../open-workflow/editor-store.ts';
import { showDone } from '../../ui/toast.tsx';
import styles from './dock.module.css';
import { percent } from './words.ts';

const WIDTH = 300;
const HEIGHT = 130;
const LEFT = 34;
const BOTTOM = 24;

type Point = NodeAuthority['curve'][number];

/** What share of drafts each threshold of the gate would send directly, against how many of them are wrong. */
export function ThresholdCurve({ authority: { curve, threshold, settings, nodeKey } }: { authority: NodeAuthority }) {
  const gate = useEditor(({ graph }) => gateOf(graph, nodeKey));
  const editor = useEditorApi();
  const readOnly = useEditor((state) => state.readOnly);
  const now = typeof gate?.data.params.minConfidence === 'number' ? gate.data.params.minConfidence : undefined;
  const target = (settings?.target ?? 0) / 100;
  const scale = scaleOf(curve, target);
  const at = now === undefined ? undefined : curve.findLast((point) => point.threshold >= now);
  const set = () => {
    if (!gate || !threshold) return;
    editor.getState().setParams(gate.id, { ...gate.data.params, minConfidence: threshold.threshold });
    showDone('Minimum confidence set in the draft');
  };
  return (
    <figure className={styles.curve}>
      <div className={styles.curveHead}>
        <span>Threshold{gate && ` of ${gate.data.title}`}</span>
        {threshold && gate && !readOnly && threshold.threshold !== now && (
          <button type="button" className={styles.link} onClick={set}>
            Set {threshold.threshold.toFixed(2)}
          </button>
        )}
      </div>
      <svg viewBox={`0 0 ${WIDTH + LEFT} ${HEIGHT + BOTTOM}`} role="img" aria-label={wordsOf(threshold, target)}>
        {[0, 0.5, 1].map((part) => (
          <text key={part} x={LEFT - 6} y={scale.y(part * scale.highest) + 4} textAnchor="end">
            {percent(part * scale.highest)}
          </text>
        ))}
        {[0, 0.5, 1].map((sent) => (
          <text key={sent} x={scale.x(sent)} y={HEIGHT + 16} textAnchor="middle">
            {sent * 100}
          </text>
        ))}
        <line className={styles.zero} x1={LEFT} x2={LEFT + WIDTH} y1={HEIGHT} y2={HEIGHT} />
        {curve.length > 1 && (
          <path className={styles.band} d={`${path(curve, scale, ({ bound }) => bound)}L${path(curve.toReversed(), scale, ({ rate }) => rate).slice(1)}Z`} />
        )}
        <line className={styles.target} x1={LEFT} x2={LEFT + WIDTH} y1={scale.y(target)} y2={scale.y(target)} />
        <path className={styles.rate} d={path(curve, scale, ({ rate }) => rate)} />
        {at && <circle className={styles.now} cx={scale.x(at.sent)} cy={scale.y(at.rate)} r={4} />}
        {threshold && <circle className={styles.chosen} cx={scale.x(threshold.sent)} cy={scale.y(threshold.rate)} r={4.5} />}
      </svg>
      <figcaption className={styles.caption}>
        share sent directly, in % · {wordsOf(threshold, target)}
        {now !== undefined && ` Now ${now.toFixed(2)}.`}
      </figcaption>
    </figure>
  );
}

const wordsOf = (threshold: Point | null, target: number): string =>
  threshold
    ? `From ${threshold.threshold.toFixed(2)} on, ${percent(threshold.sent)} go directly, and at most ${percent(threshold.bound)} of them are wrong.`
    : `No threshold keeps errors within ${percent(target)} yet.`;

function scaleOf(curve: readonly Point[], target: number) {
  // Bounds of the few drafts with the highest confidence would take all the room.
  const highest = Math.max(2 * target, ...curve.map(({ rate }) => rate * 1.2));
  return {
    highest,
    x: (sent: number): number => LEFT + sent * WIDTH,
    y: (rate: number): number => HEIGHT * (1 - Math.min(rate, highest) / highest),
  };
}

const path = (points: readonly Point[], { x, y }: ReturnType<typeof scaleOf>, of: (point: Point) => number): string =>
  points.length === 0 ? '' : `M${points.map((point) => `${x(point.sent).toFixed(1)} ${y(of(point)).toFixed(1)}`).join('L')}`;

/** The Classify node whose confidence the review node names. */
function gateOf(graph: Graph, nodeKey: string) {
  const authority = graph.nodes.find(({ data }) => data.key === nodeKey)?.data.params.authority as { readonly confidence?: unknown } | undefined;
  if (typeof authority?.confidence !== 'string') return undefined;
  try {
    const keys = compileTemplate(authority.confidence).references.flatMap(({ root, path: [key] }) => (root === 'steps' ? [key] : []));
    return graph.nodes.find(({ type, data }) => type === 'classify' && keys.includes(data.key));
  } catch {
    // It is being typed.
    return undefined;
  }
}
