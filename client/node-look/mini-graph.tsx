import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { StepStatus } from '@switchyard/shared/run/state.ts';
import { useMemo } from 'react';
import styles from './mini-graph.module.css';
import { BOX, type MiniBox, miniLayout } from './mini-graph-layout.ts';
import { type LookOf, NodeGlyph, useLooks } from './node-icon.tsx';

/** The outcome of a run: the status of each node it reached, and the edges it took. */
export interface GraphMarks {
  readonly nodes: ReadonlyMap<string, StepStatus>;
  readonly taken: ReadonlySet<string>;
}

interface MiniGraphProps {
  readonly graph: Pick<Graph, 'nodes' | 'edges'>;
  /** Description for screen readers. */
  readonly label: string;
  readonly width?: number;
  readonly height?: number;
  /** A run to show on the graph. */
  readonly marks?: GraphMarks;
}

/** A thumbnail of a graph: tinted boxes, frames for containers, edges, dashed loop edges, on a dot grid. Fills its container. */
export function MiniGraph({ graph, label, width = 425, height = 214, marks }: MiniGraphProps) {
  const looks = useLooks();
  const layout = useMemo(() => miniLayout(graph, width, height), [graph, width, height]);
  return (
    <svg className={styles.graph} viewBox={`0 0 ${layout.width} ${layout.height}`} role="img" aria-label={label}>
      {layout.frames.map(({ id, x, y, width: wide, height: high }) => (
        <rect key={id} x={x} y={y} width={wide} height={high} rx="9" className={styles.frame} data-state={marks && (marks.nodes.get(id) ?? 'unreached')} />
      ))}
      {layout.edges.map((edge) => (
        <path key={edge.id} d={edge.path} className={styles.edge} data-back={edge.back || undefined} data-taken={marks?.taken.has(edge.id) || undefined} />
      ))}
      {layout.boxes.map((box) => (
        <Box key={box.id} box={box} looks={looks} state={marks && (marks.nodes.get(box.id) ?? 'unreached')} />
      ))}
    </svg>
  );
}

function Box({ box, looks, state }: { box: MiniBox; looks: LookOf; state: StepStatus | 'unreached' | undefined }) {
  const { icon, category } = looks(box.type);
  return (
    <g transform={`translate(${box.x} ${box.y})`} data-category={category} data-state={state} className={styles.box}>
      <rect className={styles.card} width={BOX.width} height={BOX.height} rx="6" />
      <rect className={styles.tile} x="6" y="6" width="20" height="20" rx="5" />
      <g transform="translate(9.5 9.5)" className={styles.glyph}>
        <NodeGlyph icon={icon} size={13} />
      </g>
      <path className={styles.words} d="M31 13.5h11M31 18.5h8" />
    </g>
  );
}
