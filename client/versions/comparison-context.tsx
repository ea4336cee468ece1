import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import { useVersion } from '../api/queries.ts';
import { useEditor, useEditorApi } from '../open-workflow/editor-store.ts';
import { flushTyping } from '../ui/typing.ts';
import { type Comparison, compareGraphs } from './graph-changes.ts';

/** A published version, or the draft. */
export type VersionRef = 'draft' | number;

export interface ComparedVersions {
  readonly before: number;
  readonly after: VersionRef;
}

interface ComparisonView {
  /** The versions being compared. Null unless the panel *Versions* is open with a comparison. */
  readonly versions: ComparedVersions | null;
  /** Undefined while the versions load. */
  readonly comparison: Comparison | undefined;
  readonly error: Error | null;
  /** The index of the change that is shown, or null. */
  readonly current: number | null;
  /** Counts requests to publish. Each one moves the focus to the note. */
  readonly publishRequests: number;
  /** Opens the panel without a comparison. */
  openList(): void;
  /** Opens the panel and draws the comparison. */
  compare(versions: ComparedVersions): void;
  /** Opens the panel to publish the draft, compared with the live version. */
  startPublishing(): void;
  /** Hides the comparison. The panel stays open. */
  hide(): void;
  show(index: number): void;
}

const ComparisonContext = createContext<ComparisonView | null>(null);

interface State {
  readonly versions: ComparedVersions | null;
  readonly current: number | null;
  readonly publishRequests: number;
}

/** Holds the comparison of two versions of the open workflow. It ends with the panel *Versions*. */
export function ComparisonProvider({ children }: { children: ReactNode }) {
  const editor = useEditorApi();
  const workflowId = useEditor((state) => state.workflowId);
  const isOpen = useEditor((state) => state.panel === 'versions');
  const [{ versions: chosen, current, publishRequests }, setState] = useState<State>({ versions: null, current: null, publishRequests: 0 });
  const versions = isOpen ? chosen : null;
  const draft = useEditor((state) => (versions?.after === 'draft' ? state.graph : undefined));
  const earlier = useVersion(workflowId, versions?.before ?? null);
  const later = useVersion(workflowId, typeof versions?.after === 'number' ? versions.after : null);
  const [before, after] = [earlier.data?.graph, versions?.after === 'draft' ? draft : later.data?.graph];
  const comparison = useMemo(() => (versions && before && after ? compareGraphs(before, after) : undefined), [versions, before, after]);
  const actions = useMemo(() => {
    const open = (part: Partial<State>) => {
      flushTyping();
      setState((state) => ({ ...state, ...part, current: null }));
      editor.getState().openPanel('versions');
    };
    return {
      openList: () => open({ versions: null }),
      compare: (wanted: ComparedVersions) => open({ versions: wanted }),
      startPublishing: () => {
        const { liveVersion } = editor.getState();
        open({ versions: liveVersion === null ? null : { before: liveVersion, after: 'draft' } });
        setState((state) => ({ ...state, publishRequests: state.publishRequests + 1 }));
      },
      hide: () => setState((state) => ({ ...state, versions: null, current: null })),
      show: (index: number) => setState((state) => ({ ...state, current: index })),
    };
  }, [editor]);
  const error = earlier.error ?? later.error;
  const view = useMemo(
    () => ({ versions, comparison, error: versions ? error : null, current, publishRequests, ...actions }),
    [versions, comparison, error, current, publishRequests, actions],
  );
  return <ComparisonContext.Provider value={view}>{children}</ComparisonContext.Provider>;
}

/** The comparison of the open workflow. */
export function useComparison(): ComparisonView {
  const view = useContext(ComparisonContext);
  if (!view) throw new Error('useComparison is used outside ComparisonProvider');
  return view;
}
