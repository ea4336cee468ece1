import { IconX } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { formatShare } from '../../ui/format.ts';
import type { RungTarget } from '../route-draft/rungs.ts';
import { callsText, latencyText, spendText } from './figures/figure-texts.ts';
import type { LiveTarget } from './figures/live-path.ts';
import { Sparkline } from './sparkline.tsx';
import styles from './target-row.module.css';
import { type TargetFacts, TargetState } from './target-state.tsx';

interface Props extends TargetFacts {
  readonly rung: RungTarget;
  /** Its place, or its share of the calls. */
  readonly mark: string;
  readonly isLast: boolean;
  readonly isSelected: boolean;
  readonly isChanged: boolean;
  readonly onSelect: () => void;
  readonly onMove: (from: number, to: number) => void;
}

/** From this share of failed calls on, the figure is red. */
const MANY_ERRORS = 0.05;
const DRAGGED = 'application/x-switchyard-target';

/** One target of the ladder, reached from the spine. It can be dragged, or moved with Alt and the arrow keys. */
export function TargetRow({ rung, mark, isLast, isSelected, isChanged, onSelect, onMove, ...facts }: Props) {
  const { target, connection, figures, live } = facts;
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (!event.altKey || by === 0) return;
    event.preventDefault();
    onMove(rung.index, rung.index + by);
  };
  return (
    <li
      className={styles.row}
      data-selected={isSelected || undefined}
      data-changed={isChanged || undefined}
      data-answering={(live && live.calls > 0) || undefined}
      draggable
      onDragStart={(event) => event.dataTransfer.setData(DRAGGED, String(rung.index))}
      onDragOver={(event) => event.dataTransfer.types.includes(DRAGGED) && event.preventDefault()}
      onDrop={(event) => onMove(Number(event.dataTransfer.getData(DRAGGED)), rung.index)}
    >
      <Branch hasRule={target.when !== undefined} isLast={isLast} live={live} />
      <span className={styles.mark}>{mark}</span>
      <div className={styles.words}>
        <button type="button" className={styles.open} aria-pressed={isSelected} onClick={onSelect} onKeyDown={onKeyDown}>
          {target.model || 'New target'}
        </button>
        <p className={styles.about}>
          {connection?.name ?? (target.connectionId === '' ? 'choose a connection' : 'connection deleted')}
          {target.when !== undefined && (
            <>
              {' · when '}
              <code>{target.when}</code>
            </>
          )}
          {isChanged && ' · changed'}
        </p>
      </div>
      <TargetState {...facts} />
      {figures ? <Sparkline {...figures} /> : <span />}
      <Figure value={latencyText(figures?.p50Ms ?? null, figures?.p95Ms ?? null)} note="p50 / p95" />
      <Figure
        value={figures && figures.calls > 0 ? formatShare(figures.failed / figures.calls) : '–'}
        note="errors"
        isBad={figures !== undefined && figures.calls > 0 && figures.failed / figures.calls >= MANY_ERRORS}
      />
      <Figure value={figures ? spendText(figures) : '–'} note={figures ? callsText(figures.calls) : 'calls'} />
    </li>
  );
}

function Figure({ value, note, isBad = false }: { value: string; note: string; isBad?: boolean }) {
  return (
    <p className={styles.figure} data-bad={isBad || undefined}>
      <b>{value}</b>
      <span>{note}</span>
    </p>
  );
}

interface BranchProps {
  readonly hasRule: boolean;
  readonly isLast: boolean;
  readonly live: LiveTarget | undefined;
}

/** The line from the spine to a target, with a diamond if a rule decides. The path of the shown call is marked. */
function Branch({ hasRule, isLast, live }: BranchProps) {
  const isTurnedAway = live?.passed?.reason !== undefined;
  const path = live?.since !== undefined ? 'here' : isTurnedAway ? 'turned-away' : undefined;
  return (
    <>
      <span className={styles.branch} data-rule={hasRule || undefined} data-path={path} aria-hidden>
        {isTurnedAway ? (
          <IconX className={styles.cross} size={16} stroke={2.4} />
        ) : (
          <svg className={styles.tip} viewBox="0 0 8 10" aria-hidden="true">
            <path d="M1 1l5.5 4L1 9" />
          </svg>
        )}
        {hasRule && (
          <>
            <i className={styles.diamond} />
            <span className={styles.ifTrue}>if true</span>
            {!isLast && <span className={styles.otherwise}>else</span>}
          </>
        )}
      </span>
      {isTurnedAway && (
        <span className={styles.reason} title={live.passed?.reason}>
          <span className="visually-hidden">The call moved on: </span>
          {live.passed?.reason}
        </span>
      )}
    </>
  );
}
