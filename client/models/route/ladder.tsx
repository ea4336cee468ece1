import { Button } from '@mantine/core';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import { MOST_TARGETS, type Route, type RouteFiguresView } from '@switchyard/shared/contracts/routes.ts';
import { copyOf, isSameModel } from '@switchyard/shared/model/target-copy.ts';
import { sameJson } from '@switchyard/shared/same-json.ts';
import { IconArrowDownRight, IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useKillSwitches } from '../../api/kill-switch-queries.ts';
import { formatNumber } from '../../ui/format.ts';
import { emptyTarget } from '../numbered-targets.ts';
import { withMovedTarget, withNewTarget } from '../route-draft/route-draft.ts';
import { type Rung, type RungTarget, rungsOf } from '../route-draft/rungs.ts';
import type { RouteDraft } from '../route-draft/use-route-draft.ts';
import { FallbackStrip } from './fallback-strip.tsx';
import { figuresOf } from './figures/figure-texts.ts';
import { liveAt } from './figures/live-path.ts';
import styles from './ladder.module.css';
import { stopsTarget } from './route-stops.tsx';
import rows from './target-row.module.css';
import { TargetRow } from './target-row.tsx';

/** Selects the settings of the route itself. */
export const ROUTE_SELECTED = 'route';

interface Props {
  readonly route: Route;
  readonly draft: RouteDraft;
  readonly connections: readonly Connection[];
  readonly figures: RouteFiguresView | undefined;
  readonly readAt: number;
  readonly selected: string | undefined;
  readonly onSelect: (key: string) => void;
}

/** A route as it is tried: the call goes down the spine, past rules and shares, to the first target that responds. */
export function Ladder(props: Props) {
  const { route, draft, connections, figures, selected, onSelect } = props;
  const { data: stops = [] } = useKillSwitches();
  const [moved, setMoved] = useState('');
  const { targets } = draft.content;
  const rungs = rungsOf(draft.content);
  const move = (from: number, to: number) => {
    const target = targets[from];
    if (!target || to < 0 || to >= targets.length) return;
    draft.change((content) => withMovedTarget(content, target.key, to));
    setMoved(`${target.target.model} is now target ${to + 1} of ${targets.length}`);
  };
  const add = () => {
    const content = withNewTarget(draft.content, emptyTarget());
    draft.change(() => content);
    const added = content.targets.at(-1);
    if (added) onSelect(added.key);
  };
  const placeOf = ({ target }: RungTarget) => ({
    ...target,
    copy: copyOf(
      targets.map((one) => one.target),
      target,
    ),
  });
  const rowOf = (rung: RungTarget, mark: string) => (
    <TargetRow
      key={rung.key}
      rung={rung}
      mark={mark}
      isLast={rung.index === targets.length - 1}
      target={rung.target}
      connection={connections.find(({ id }) => id === rung.target.connectionId)}
      figures={figures && figuresOf(figures.targets, placeOf(rung))}
      live={figures && liveAt(figures.inProgress, placeOf(rung))}
      isInUse={route.targets.some((one) => isSameModel(one, rung.target))}
      isStopped={stops.some((stop) => stopsTarget(stop, rung.target))}
      readAt={props.readAt}
      isSelected={selected === rung.key}
      isChanged={!sameJson(draft.start.targets.find(({ key }) => key === rung.key)?.target, rung.target)}
      onSelect={() => onSelect(rung.key)}
      onMove={move}
    />
  );
  return (
    <section className={styles.ladder} aria-label={`Targets of ${route.name}, tried in this order`}>
      <div className={styles.head}>
        <button type="button" className={styles.call} aria-pressed={selected === ROUTE_SELECTED} onClick={() => onSelect(ROUTE_SELECTED)}>
          <IconArrowDownRight size={16} stroke={1.8} aria-hidden />
          Call
          <span>to {route.name}</span>
        </button>
        {figures && (
          <div className={styles.notes}>
            <CallsInProgress inProgress={figures.inProgress} />
            <FallbackStrip figures={figures} warnAfterMs={route.fallbackWarningMs} />
          </div>
        )}
      </div>
      <ol className={styles.rungs}>
        {rungs.map((rung) =>
          rung.isShared ? (
            <SharedRung key={rung.place} rung={rung} stickyKey={draft.content.stickyKey} rowOf={rowOf} />
          ) : (
            rung.targets.map((target) => rowOf(target, String(rung.place)))
          ),
        )}
      </ol>
      <Button className={styles.add} variant="subtle" leftSection={<IconPlus size={16} stroke={1.7} />} disabled={targets.length >= MOST_TARGETS} onClick={add}>
        Add fallback
      </Button>
      <p className="visually-hidden" role="status">
        {moved}
      </p>
    </section>
  );
}

/** How many calls are being made. The path shown is that of the oldest one, which is named. */
function CallsInProgress({ inProgress: { calls, call } }: Pick<RouteFiguresView, 'inProgress'>) {
  if (!call) return null;
  return (
    <p className={styles.calls}>
      {calls === 1 ? '1 call in progress: ' : `${formatNumber(calls)} calls in progress, shown: `}
      {call.runId === null ? (
        'outside a run'
      ) : (
        <Link to="/runs/$id" params={{ id: call.runId }}>
          {call.nodeKey ?? 'run'}
        </Link>
      )}
    </p>
  );
}

const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** Neighbors that share calls by weight. */
function SharedRung({ rung, stickyKey, rowOf }: { rung: Rung; stickyKey: string | null; rowOf: (target: RungTarget, mark: string) => React.ReactNode }) {
  const shares = rung.targets.map(({ share }) => Math.round(share * 100)).join(' / ');
  return (
    <li className={styles.shared}>
      <p className={styles.sharedHead}>
        <span className={rows.mark}>{rung.place}</span>
        <b>Shared by weight</b>
        <span className={styles.sticky}>
          {stickyKey === null ? (
            'each call is assigned at random'
          ) : (
            <>
              the same <code>{stickyKey}</code> always tries the same target first
            </>
          )}
        </span>
        <span className={styles.shareBar} aria-hidden>
          {rung.targets.map(({ key, share }) => (
            <i key={key} style={{ flexGrow: share }} />
          ))}
        </span>
        <span className={styles.shares}>{shares}</span>
      </p>
      <ol>{rung.targets.map((target) => rowOf(target, percent(target.share)))}</ol>
    </li>
  );
}
