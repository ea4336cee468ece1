import { Button } from '@mantine/core';
import type { Route, RouteFiguresView } from '@switchyard/shared/contracts/routes.ts';
import { IconHistory, IconPencil, IconPlayerPlay } from '@tabler/icons-react';
import { TopBar } from '../../frame/top-bar.tsx';
import type { RouteDraft } from '../route-draft/use-route-draft.ts';
import { spendText, totalOf } from './figures/figure-texts.ts';
import styles from './route-page.module.css';

interface Props {
  readonly route: Route;
  readonly draft: RouteDraft;
  readonly figures: RouteFiguresView | undefined;
  readonly isSaving: boolean;
  readonly canSave: boolean;
  readonly onSave: () => void;
  readonly onVersions: () => void;
  readonly isTrying: boolean;
  readonly onTry: () => void;
}

/** What is in use, what is being edited, and what saving would create. */
export function RouteBar({ route, draft, figures, isSaving, canSave, onSave, onVersions, isTrying, onTry }: Props) {
  const total = figures && totalOf(figures.targets);
  const isBehind = draft.base !== route.version;
  return (
    <TopBar
      parent={{ to: '/models', label: 'Models' }}
      title={<span className={styles.name}>{route.name}</span>}
      offline="Offline. Your edits are saved in this browser."
      state={
        <>
          <span className={styles.part}>
            <span>
              <i className={styles.dot} />v{route.version} in use{route.automatic && ', automatic'}
            </span>
          </span>
          {draft.isEdited && (
            <span className={styles.part}>
              <IconPencil size={14} stroke={1.7} aria-hidden />
              {draft.changes.length === 1 ? '1 change' : `${draft.changes.length} changes`}, not saved
            </span>
          )}
          {total && total.calls > total.failed && <span className={styles.part}>{spendText(total)} in the last hour</span>}
        </>
      }
      actions={
        <>
          <Button variant="subtle" leftSection={<IconHistory size={16} stroke={1.7} />} onClick={onVersions}>
            Versions
          </Button>
          <Button leftSection={<IconPlayerPlay size={16} stroke={1.7} />} aria-expanded={isTrying} onClick={onTry}>
            Try
          </Button>
          <Button variant="filled" loading={isSaving} disabled={!draft.isEdited || isBehind || !canSave || draft.changes.length === 0} onClick={onSave}>
            Save as v{route.version + 1}
          </Button>
        </>
      }
    />
  );
}
