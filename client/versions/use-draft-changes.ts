import { useMemo } from 'react';
import { useVersion } from '../api/queries.ts';
import { useEditor } from '../open-workflow/editor-store.ts';
import { type Comparison, compareGraphs } from './graph-changes.ts';

/** The draft compared with the live version. Undefined before the first publish, and while it loads. */
export function useDraftChanges(): Comparison | undefined {
  const workflowId = useEditor((state) => state.workflowId);
  const draft = useEditor((state) => state.graph);
  const live = useEditor((state) => state.liveVersion);
  const before = useVersion(workflowId, live).data?.graph;
  return useMemo(() => before && compareGraphs(before, draft), [before, draft]);
}
