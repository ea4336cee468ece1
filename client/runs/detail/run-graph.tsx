import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { IconArrowsDiagonal } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { MiniGraph } from '../../node-look/mini-graph.tsx';
import type { StepLike } from '../../run-look/step-rows.ts';
import styles from './run-graph.module.css';
import { runMarks } from './run-marks.ts';

interface RunGraphProps {
  readonly runId: string;
  readonly graph: Graph | undefined;
  readonly steps: readonly StepLike[];
}

/** The exact graph that ran, small, with the way that the run took; it opens on the canvas. */
export function RunGraph({ runId, graph, steps }: RunGraphProps) {
  const marks = useMemo(() => graph && runMarks(graph, steps), [graph, steps]);
  return (
    <Link to="/runs/$id" params={{ id: runId }} className={styles.graph} aria-label="The graph of this run: open it on the canvas">
      {graph && marks && <MiniGraph graph={graph} marks={marks} label="Graph of this run" width={480} height={150} />}
      <IconArrowsDiagonal className={styles.open} size={16} stroke={1.7} aria-hidden />
    </Link>
  );
}
