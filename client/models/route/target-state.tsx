import type { Connection } from '@switchyard/shared/contracts/models.ts';
import type { RouteTarget } from '@switchyard/shared/contracts/routes.ts';
import { type Icon, IconCircleCheck, IconCircleDashed, IconCircleX, IconLoader2, IconPlugConnectedX, IconPower } from '@tabler/icons-react';
import { LiveText } from '../../ui/figures.tsx';
import { formatAgo, formatDuration } from '../../ui/format.ts';
import { callsText, type TargetFigures } from './figures/figure-texts.ts';
import type { LiveTarget } from './figures/live-path.ts';
import styles from './target-row.module.css';

export interface TargetFacts {
  readonly target: RouteTarget;
  /** Undefined if it was deleted. */
  readonly connection: Connection | undefined;
  /** The route in use has it. */
  readonly isInUse: boolean;
  /** A kill switch rejects its calls. */
  readonly isStopped: boolean;
  /** Undefined until they are loaded, and if the route in use doesn’t have the target. */
  readonly figures: TargetFigures | undefined;
  /** What calls in progress are doing here. */
  readonly live: LiveTarget | undefined;
  /** When the figures were read. */
  readonly readAt: number;
}

/** Seconds until the trial of an open circuit. */
export const trialIn = ({ figures, readAt }: Pick<TargetFacts, 'figures' | 'readAt'>, now: number): number =>
  Math.max(0, Math.ceil((readAt + (figures?.retryInMs ?? 0) - now) / 1_000));

interface State {
  readonly tone: 'good' | 'bad' | 'waiting' | 'quiet' | 'running';
  readonly Icon: Icon;
  readonly label: string;
  readonly note?: (now: number) => string;
}

function stateOf(facts: TargetFacts): State {
  const { target, connection, isInUse, isStopped, figures, live } = facts;
  if (live && live.calls > 0) return { tone: 'running', Icon: IconLoader2, label: 'Answering', note: answeringNote(live) };
  if (target.connectionId === '') return { tone: 'quiet', Icon: IconCircleDashed, label: 'Not set up yet' };
  if (!connection) return { tone: 'bad', Icon: IconCircleX, label: 'Connection deleted' };
  if (isStopped) return { tone: 'bad', Icon: IconPower, label: 'Stopped', note: () => 'by a kill switch' };
  if (figures?.circuit === 'open') {
    return { tone: 'bad', Icon: IconPlugConnectedX, label: 'Circuit open', note: (now) => `one trial in ${trialIn(facts, now)} s` };
  }
  if (figures?.circuit === 'half-open') return { tone: 'waiting', Icon: IconPlugConnectedX, label: 'Circuit half-open', note: () => 'next call is a trial' };
  const { health } = connection;
  if (health?.ok === false) {
    const since = new Date(health.failingSince ?? health.at);
    return { tone: 'bad', Icon: IconCircleX, label: 'Failing', note: (now) => `since ${formatAgo(since, new Date(now))}` };
  }
  if (!isInUse) return { tone: 'quiet', Icon: IconCircleDashed, label: 'Not saved yet' };
  const calls = figures?.calls ?? 0;
  if (figures && calls > 0 && figures.failed === calls) return { tone: 'bad', Icon: IconCircleX, label: 'Failing' };
  if (!health && connection.kind !== 'demo' && calls === 0) return { tone: 'quiet', Icon: IconCircleDashed, label: 'Not tested yet' };
  return { tone: 'good', Icon: IconCircleCheck, label: figures && calls === 0 ? 'Healthy, idle' : 'Healthy' };
}

/** “1.2 s so far”, “1.2 s so far, 3 calls”, or “2 calls”. */
function answeringNote({ since, calls }: LiveTarget): (now: number) => string {
  const all = callsText(calls);
  if (since === undefined) return () => all;
  return (now) => `${formatDuration(now - Date.parse(since))} so far${calls > 1 ? `, ${all}` : ''}`;
}

/** The state of a target in words. An open circuit counts down to its trial. */
export function TargetState(facts: TargetFacts) {
  const { tone, Icon, label, note } = stateOf(facts);
  return (
    <p className={styles.state} data-tone={tone}>
      <Icon size={16} stroke={1.7} aria-hidden />
      <span className={styles.stateLabel}>{label}</span>
      {note && <LiveText live className={styles.stateNote} text={note} />}
    </p>
  );
}
