import { Button } from '@mantine/core';
import { getVersion, type Version } from '@switchyard/shared/contracts/workflows.ts';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useEditor, useEditorApi } from '../open-workflow/editor-store.ts';
import { actorLabel } from '../run-look/actor-label.ts';
import { TimeAgo } from '../ui/figures.tsx';
import { showFailure, showUndo } from '../ui/toast.tsx';
import { flushTyping } from '../ui/typing.ts';
import { useComparison, type VersionRef } from './comparison-context.tsx';
import { summarizeChanges } from './graph-changes.ts';
import { useDraftChanges } from './use-draft-changes.ts';
import styles from './versions-panel.module.css';

/** The draft, and how it differs from the live version. */
export function DraftRow() {
  const live = useEditor((state) => state.liveVersion);
  const next = useEditor((state) => state.nextVersion);
  const changes = useDraftChanges()?.changes;
  const { versions } = useComparison();
  return (
    <li className={styles.row} data-compared={versions?.after === 'draft' || undefined}>
      <div className={styles.head}>
        <b>Draft</b>
      </div>
      <p className={styles.note}>
        {live === null && `Becomes v${next}, the first version`}
        {live !== null && changes && (changes.length === 0 ? `The same as v${live}` : `Becomes v${next}: ${summarizeChanges(changes)} from v${live}`)}
      </p>
      {live !== null && (
        <div className={styles.foot}>
          <CompareButton before={live} after="draft" name="the draft" />
        </div>
      )}
    </li>
  );
}

interface VersionRowProps {
  readonly version: Version;
  readonly isLive: boolean;
  /** The share of live runs that it takes, in percent. */
  readonly weight: number;
  readonly previous: number | undefined;
}

/** A published version: who, when, and why; compared with the one before it, or restored as the draft. */
export function VersionRow({ version: { number, note, actor, publishedAt }, isLive, weight, previous }: VersionRowProps) {
  const { versions } = useComparison();
  return (
    <li className={styles.row} data-compared={versions?.after === number || undefined}>
      <div className={styles.head}>
        <b>v{number}</b>
        {isLive && <span className={styles.live}>Live</span>}
        {weight > 0 && !isLive && <span className={styles.canary}>Canary</span>}
        <span className={styles.weight}>
          {weight}%
          <i aria-hidden>
            <i style={{ width: `${weight}%` }} data-new={!isLive || undefined} />
          </i>
        </span>
      </div>
      {note !== '' && <p className={styles.note}>“{note}”</p>}
      <div className={styles.foot}>
        <span className={styles.by}>
          {actorLabel(actor)}, <TimeAgo at={publishedAt} />
        </span>
        {previous !== undefined && <CompareButton before={previous} after={number} name={`v${number}`} />}
        <RestoreButton number={number} />
      </div>
    </li>
  );
}

function CompareButton({ before, after, name }: { before: number; after: VersionRef; name: string }) {
  const { versions, compare } = useComparison();
  if (versions?.after === after) return <span className={styles.compared}>Comparing</span>;
  return (
    <Button size="compact-sm" variant="subtle" aria-label={`Compare ${name} with v${before}`} onClick={() => compare({ before, after })}>
      Compare
    </Button>
  );
}

/** Makes the graph of a version the draft, as one undo step. It is saved like any edit, so a conflict is noticed. */
function RestoreButton({ number }: { number: number }) {
  const editor = useEditorApi();
  const workflowId = useEditor((state) => state.workflowId);
  const blocked = useEditor((state) => state.saveState === 'conflict');
  const { openList } = useComparison();
  const [busy, setBusy] = useState(false);
  const restore = async () => {
    setBusy(true);
    try {
      const { graph } = await call(getVersion, { params: { id: workflowId, number } });
      flushTyping();
      const before = editor.getState().graph;
      if (graph) editor.getState().setGraph(graph);
      openList();
      editor.getState().announce(`v${number} restored as the draft`);
      const restored = editor.getState().graph;
      showUndo(`v${number} restored as the draft`, () => {
        // Edits made since are kept, and undo leads back through them.
        if (editor.getState().graph === restored) editor.getState().undo();
        else editor.getState().setGraph(before);
      });
    } catch (thrown) {
      showFailure(`Couldn’t restore v${number}`, thrown);
    }
    setBusy(false);
  };
  return (
    <Button size="compact-sm" variant="subtle" aria-label={`Restore v${number} as the draft`} loading={busy} disabled={blocked} onClick={() => void restore()}>
      Restore
    </Button>
  );
}
