import { Skeleton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconVersions } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useRelease } from '../api/evaluation/release-queries.ts';
import { useVersions } from '../api/queries.ts';
import { ErrorState } from '../frame/error-state.tsx';
import { PanelFrame } from '../frame/panel/panel-frame.tsx';
import { useEditor, useEditorApi } from '../open-workflow/editor-store.ts';
import { ChangeList } from './change-list.tsx';
import { useComparison } from './comparison-context.tsx';
import { DraftRow, VersionRow } from './version-rows.tsx';
import styles from './versions-panel.module.css';

/** The draft and the published versions, newest first. `foot` publishes the draft. */
export function VersionsPanel({ foot }: { foot: ReactNode }) {
  const editor = useEditorApi();
  const workflowId = useEditor((state) => state.workflowId);
  const live = useEditor((state) => state.liveVersion);
  const { versions: compared, comparison } = useComparison();
  const { data, error, refetch } = useVersions(workflowId);
  const release = useRelease(workflowId).data;
  const weightOf = (number: number) => release?.versions.find(({ version }) => version === number)?.weight ?? (release || number !== live ? 0 : 100);
  // There is no room for the list below the canvas.
  const isNarrow = useMediaQuery('(max-width: 760px)', false, { getInitialValueInEffect: false });
  return (
    <PanelFrame title="Versions" icon={IconVersions} closeLabel="Close" onClose={() => editor.getState().openPanel(null)} foot={foot}>
      <ol className={styles.list}>
        <DraftRow />
        {data?.map((version, index) => (
          <VersionRow
            key={version.number}
            version={version}
            isLive={version.number === live}
            weight={weightOf(version.number)}
            previous={data[index + 1]?.number}
          />
        ))}
      </ol>
      {release && release.stable !== null && (
        <Link to="/workflows/$id/release" params={{ id: workflowId }} className={styles.release}>
          Release and history
        </Link>
      )}
      {!data && !error && <Skeleton className={styles.waiting} height={12} width="60%" />}
      {error && !data && <ErrorState title="Couldn’t load versions" error={error} retry={() => void refetch()} />}
      {isNarrow && compared && comparison && <ChangeList comparison={comparison} versions={compared} />}
    </PanelFrame>
  );
}
