import { useMediaQuery } from '@mantine/hooks';
import type { Route, RouteTarget } from '@switchyard/shared/contracts/routes.ts';
import { copyOf } from '@switchyard/shared/model/target-copy.ts';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiError } from '../../api/api-error.ts';
import { useConnections, useRoute, useRouteFigures } from '../../api/queries.ts';
import type { CallFilters } from '../../api/route-calls.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { PartLoading } from '../../frame/page-loading.tsx';
import { TopBar } from '../../frame/top-bar.tsx';
import { useSaveRoute } from '../route-actions.ts';
import { problemsOf, sendable } from '../route-draft/route-draft.ts';
import { type RouteDraft, useRouteDraft } from '../route-draft/use-route-draft.ts';
import { ChangesStrip } from './changes-strip.tsx';
import { Dock, type DockTab } from './dock.tsx';
import { figuresOf } from './figures/figure-texts.ts';
import { Ladder, ROUTE_SELECTED } from './ladder.tsx';
import { RouteBar } from './route-bar.tsx';
import styles from './route-page.module.css';
import { RoutePanel } from './route-panel.tsx';
import { RouteStops } from './route-stops.tsx';
import { TargetPanel } from './target-panel.tsx';

const PARENT = { to: '/models', label: 'Models' } as const;

/** One route: its targets as a ladder, their settings, and its versions. */
export function RoutePage() {
  const { name } = useParams({ from: '/models/$name' });
  const { data, error, refetch } = useRoute(name);
  if (data) return <OpenRoute key={name} route={data} />;
  return (
    <>
      <TopBar parent={PARENT} title={name} />
      {error ? <ErrorState title={`Couldn’t load route “${name}”`} error={error} retry={() => void refetch()} /> : <PartLoading />}
    </>
  );
}

/** Connections change while a route is shown: their health, and what they are busy with. */
const LOOK_AGAIN_MS = 5_000;

function OpenRoute({ route }: { route: Route }) {
  const draft = useRouteDraft(route);
  const connections = useConnections(LOOK_AGAIN_MS).data ?? [];
  const figures = useRouteFigures(route.name);
  const save = useSaveRoute(route.name);
  const isWide = useMediaQuery('(min-width: 1101px)', true, { getInitialValueInEffect: false });
  const [selected, setSelected] = useState<string>();
  const { toggleTry, showCalls, ...dock } = useDock(isWide);
  const problems = new Map([...rejections(save.error), ...problemsOf(draft.content)]);
  const chosen = draft.content.targets.find(({ key }) => key === selected);
  const shown = chosen ? chosen.key : selected === ROUTE_SELECTED || isWide ? ROUTE_SELECTED : undefined;
  const change: typeof draft.change = (update) => {
    save.reset();
    draft.change(update);
  };
  const edited = { ...draft, change };
  const saved = (targets: RouteDraft['content']['targets']) => {
    draft.forget();
    // After saving, a target’s key is its position.
    setSelected((before) => {
      const at = targets.findIndex(({ key }) => key === before);
      return at < 0 ? before : String(at);
    });
  };
  const submit = () => {
    const reason = draft.reason.trim();
    save.mutate({ ...sendable(draft.content), version: draft.base, ...(reason !== '' && { reason }) }, { onSuccess: () => saved(draft.content.targets) });
  };
  const close = () => setSelected(undefined);
  const shared = { draft: edited, problems, onClose: close };
  const targets = draft.content.targets.map(({ target }) => target);
  const chosenFigures = chosen && figures.data && figuresOf(figures.data.targets, { ...chosen.target, copy: copyOf(targets, chosen.target) });
  return (
    <>
      <RouteBar
        route={route}
        draft={draft}
        figures={figures.data}
        isSaving={save.isPending}
        canSave={problems.size === 0}
        onSave={submit}
        onVersions={() => dock.onTab('versions')}
        isTrying={dock.tab === 'try'}
        onTry={toggleTry}
      />
      <div className={styles.page}>
        <div className={styles.main}>
          <RouteStops name={route.name} />
          {draft.isEdited && <ChangesStrip route={route} draft={draft} problems={problems} error={save.error} />}
          <div className={styles.stage}>
            <Ladder
              route={route}
              draft={edited}
              connections={connections}
              figures={figures.data}
              readAt={figures.dataUpdatedAt}
              selected={shown}
              onSelect={setSelected}
            />
          </div>
          <Dock route={route} draft={draft} connections={connections} figures={figures.data} {...dock} />
        </div>
        {shown !== undefined && (
          <aside className={styles.panel} aria-label={chosen ? 'Settings of the target' : 'Settings of the route'}>
            {chosen ? (
              <TargetPanel
                key={chosen.key}
                {...shared}
                targetKey={chosen.key}
                connections={connections}
                figures={chosenFigures}
                readAt={figures.dataUpdatedAt}
                onCalls={() => showCalls(chosen.target)}
              />
            ) : (
              <RoutePanel {...shared} route={route} />
            )}
          </aside>
        )}
      </div>
    </>
  );
}

/** What the dock shows, and which calls it lists. */
function useDock(isWide: boolean) {
  const [tab, setTab] = useState<DockTab | undefined>(isWide ? 'fallbacks' : undefined);
  const [calls, setCalls] = useState<CallFilters>({});
  return {
    tab,
    onTab: setTab,
    calls,
    onCalls: setCalls,
    toggleTry: () => setTab(tab === 'try' ? undefined : 'try'),
    showCalls: ({ connectionId, model }: RouteTarget) => {
      setCalls({ target: `${connectionId}/${model}` });
      setTab('calls');
    },
  };
}

/** The fields that the server rejected. */
const rejections = (error: unknown): [string, string][] => (error instanceof ApiError ? error.errors.map(({ path, message }) => [path, message]) : []);
