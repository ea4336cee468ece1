import { ActionIcon, Button } from '@mantine/core';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import type { Route, RouteFiguresView, RouteVersion } from '@switchyard/shared/contracts/routes.ts';
import { IconChevronDown } from '@tabler/icons-react';
import { useRouteVersions } from '../../api/queries.ts';
import type { CallFilters } from '../../api/route-calls.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { actorLabel } from '../../run-look/actor-label.ts';
import { TimeAgo } from '../../ui/figures.tsx';
import { formatShare } from '../../ui/format.ts';
import { useRestoreRouteVersion } from '../route-actions.ts';
import { changesBetween, contentOf } from '../route-draft/route-draft.ts';
import type { RouteDraft } from '../route-draft/use-route-draft.ts';
import { Calls } from './calls/calls.tsx';
import { RouteTry } from './calls/route-try.tsx';
import styles from './dock.module.css';
import { Fallbacks } from './fallbacks.tsx';
import { callsText } from './figures/figure-texts.ts';

/** `try` is opened in the top bar. */
export type DockTab = 'fallbacks' | 'calls' | 'versions' | 'try';

interface Props {
  readonly route: Route;
  readonly draft: RouteDraft;
  readonly connections: readonly Connection[];
  readonly figures: RouteFiguresView | undefined;
  readonly tab: DockTab | undefined;
  readonly onTab: (tab: DockTab | undefined) => void;
  /** Which calls are listed. */
  readonly calls: CallFilters;
  readonly onCalls: (filters: CallFilters) => void;
}

/** Below the ladder: which calls fell back, all calls, the versions of the route, and a test message. Collapses to one line. */
export function Dock({ route, draft, connections, figures, tab, onTab, calls, onCalls }: Props) {
  const tabs = [
    { name: 'fallbacks', label: 'Fallbacks', count: figures?.minutes.reduce((sum, { later }) => sum + later, 0) },
    { name: 'calls', label: 'Calls', count: undefined },
    { name: 'versions', label: 'Versions', count: route.version },
  ] as const;
  return (
    <section className={styles.dock} aria-label="Calls and versions">
      <div className={styles.head}>
        {tabs.map(({ name, label, count }) => (
          <button key={name} type="button" className={styles.tab} aria-expanded={tab === name} onClick={() => onTab(tab === name ? undefined : name)}>
            {label} {count !== undefined && <span>{count}</span>}
          </button>
        ))}
        <p className={styles.sum}>{figures && sumOf(figures)}</p>
        {tab && (
          <ActionIcon aria-label="Collapse" onClick={() => onTab(undefined)}>
            <IconChevronDown size={17} stroke={1.7} />
          </ActionIcon>
        )}
      </div>
      {tab === 'fallbacks' && figures && <Fallbacks figures={figures} connections={connections} />}
      {tab === 'calls' && <Calls route={route} connections={connections} filters={calls} onFilter={onCalls} />}
      {tab === 'try' && <RouteTry route={route} isEdited={draft.isEdited} />}
      {tab === 'versions' && <Versions route={route} isEdited={draft.isEdited} />}
    </section>
  );
}

/** “Last hour: 1,204 calls, 6.1% answered by a later target.” */
function sumOf({ minutes }: RouteFiguresView): string {
  const sum = (value: (minute: RouteFiguresView['minutes'][number]) => number) => minutes.reduce((total, minute) => total + value(minute), 0);
  const [later, failed] = [sum((minute) => minute.later), sum((minute) => minute.failed)];
  const calls = sum((minute) => minute.first) + later + failed;
  if (calls === 0) return 'No calls in the last hour';
  const parts = [
    callsText(calls),
    later > 0 && `${formatShare(later / calls)} answered by a later target`,
    failed > 0 && `${formatShare(failed / calls)} failed`,
  ];
  return `Last hour: ${parts.filter(Boolean).join(', ')}`;
}

function Versions({ route, isEdited }: { route: Route; isEdited: boolean }) {
  const { data, error, refetch } = useRouteVersions(route.name);
  if (error && !data) return <ErrorState title="Couldn’t load versions" error={error} retry={() => void refetch()} />;
  return (
    <ol className={styles.versions} aria-label="Versions">
      {(data ?? []).map((version, index, all) => (
        <VersionLine key={version.number} route={route} version={version} before={all[index + 1]} isEdited={isEdited} />
      ))}
    </ol>
  );
}

interface VersionLineProps {
  readonly route: Route;
  readonly version: RouteVersion;
  readonly before: RouteVersion | undefined;
  /** There are unsaved edits, which restoring would leave behind a newer version. */
  readonly isEdited: boolean;
}

function VersionLine({ route, version, before, isEdited }: VersionLineProps) {
  const restore = useRestoreRouteVersion(route.name);
  const { number, reason, actor, createdAt } = version;
  const changes = before && changesBetween(contentOf(before), contentOf(version));
  return (
    <li className={styles.version}>
      <b>v{number}</b>
      <span>{number === route.version ? 'in use' : ''}</span>
      <span className={styles.about}>
        {reason ?? 'No reason'}
        {changes && changes.length > 0 && <span> · {changes.join(', ')}</span>}
      </span>
      <span>{actorLabel(actor)}</span>
      <TimeAgo at={createdAt} />
      {number === route.version ? (
        <span />
      ) : (
        <Button
          size="xs"
          loading={restore.isPending}
          disabled={isEdited}
          title={isEdited ? 'Save or discard your edits first' : undefined}
          aria-label={`Restore v${number} as v${route.version + 1}`}
          onClick={() => restore.mutate(number)}
        >
          Restore
        </Button>
      )}
    </li>
  );
}
