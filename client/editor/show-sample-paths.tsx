import { CloseButton } from '@mantine/core';
import { IconTestPipe } from '@tabler/icons-react';
import { type ReactNode, useLayoutEffect, useMemo, useState } from 'react';
import { createStore } from 'zustand/vanilla';
import { useEditor } from '../open-workflow/editor-store.ts';
import { drawBatch, useBatch, useSampleResults } from '../open-workflow/samples/open-batch.ts';
import { samplePaths } from '../open-workflow/samples/sample-paths.ts';
import { SamplePathsContext, type ShownPaths } from '../open-workflow/samples/shown-paths.ts';
import { useBatchIsOld } from '../open-workflow/samples/use-run-samples.ts';
import { describeVerdicts } from '../run-panel/samples/verdicts.ts';
import styles from './last-run-strip.module.css';

/** Draws the paths of all samples on the canvas below, unless a run is shown. */
export function ShowSamplePaths({ children }: { children: ReactNode }) {
  const batch = useShownBatch();
  const paths = useMemo(() => (batch ? samplePaths(batch) : null), [batch]);
  const [store] = useState(() => createStore<ShownPaths>(() => ({ paths })));
  useLayoutEffect(() => store.setState({ paths }), [store, paths]);
  return <SamplePathsContext.Provider value={store}>{children}</SamplePathsContext.Provider>;
}

function useShownBatch() {
  const open = useBatch();
  const isFree = useEditor((state) => state.activeRunId === null);
  return open?.isDrawn && isFree ? open.batch : undefined;
}

/** Says that the canvas shows the paths of all samples. */
export function SamplesStrip() {
  return useShownBatch() ? <Strip /> : null;
}

function Strip() {
  const workflowId = useEditor((state) => state.workflowId);
  const isOld = useBatchIsOld();
  const results = useSampleResults();
  return (
    <div className={styles.strip} role="status" data-stage-strip>
      <IconTestPipe size={15} stroke={1.7} aria-hidden />
      <span>
        All samples: <b>{describeVerdicts(results)}</b>
        {isOld && <span className={styles.more}>, before your last changes</span>}
      </span>
      <CloseButton size={24} iconSize={14} className={styles.hide} aria-label="Hide samples" onClick={() => drawBatch(workflowId, false)} />
    </div>
  );
}
