import type { StepState } from '@switchyard/shared/run/state.ts';
import {
  IconAlertCircle,
  IconCircleCheck,
  IconHistory,
  IconHourglass,
  IconLoader2,
  IconPin,
  IconPlayerSkipForward,
  IconSquare,
  IconTool,
  IconUserCheck,
} from '@tabler/icons-react';
import { useFallback } from '../../live/run-hooks.ts';
import { useEditor } from '../../open-workflow/editor-store.ts';
import { useShownMoment, useShownRunId } from '../../open-workflow/run-source.ts';
import { describeFallback } from '../../run-look/fallback-labels.ts';
import { LiveText } from '../../ui/figures.tsx';
import { formatDuration, formatElapsed } from '../../ui/format.ts';
import { useCanvasUiApi } from '../view/canvas-ui.ts';
import { useZoomedOut } from '../view/zoom-level.ts';
import { type StateLine, stateLine } from './state-line.ts';
import styles from './step-card.module.css';

const ICONS: Record<StateLine['tone'] | NonNullable<StateLine['icon']>, typeof IconCircleCheck> = {
  running: IconLoader2,
  waiting: IconHourglass,
  succeeded: IconCircleCheck,
  failed: IconAlertCircle,
  skipped: IconPlayerSkipForward,
  person: IconUserCheck,
  stopped: IconSquare,
  pinned: IconPin,
  reused: IconHistory,
  broken: IconTool,
};

interface Props {
  readonly step: StepState;
  readonly nodeId: string;
  readonly asFailure: boolean;
}

/** The bottom row of a card: icon, state, and one figure. Hovering shows the step’s output. A running step also shows which model its call fell back to. */
export function StateLineRow({ step, nodeId, asFailure }: Props) {
  const preview = usePreviewOnHover(step, nodeId);
  const line = stateLine(step, asFailure);
  const fallback = useFallback(useShownRunId(), step);
  const Icon = ICONS[line.icon ?? line.tone];
  return (
    <div className={styles.state} data-tone={line.tone} {...preview}>
      <Icon size={14} stroke={1.75} aria-hidden className={styles.stateIcon} />
      <span className={styles.word} title={fallback ? describeFallback(fallback) : line.title}>
        {fallback ? `Fallback: ${fallback.to.model}` : line.word}
      </span>
      <span className={styles.figure}>
        {line.ms !== undefined && formatDuration(line.ms)}
        {line.since && <Ticking since={line.since} />}
        {line.until && <Ticking until={line.until} />}
      </span>
    </div>
  );
}

/** The bottom row of a card whose graph has changed since: the step’s state in the last run, in gray. */
export function LastRunRow({ step, nodeId, asFailure }: Props) {
  const preview = usePreviewOnHover(step, nodeId);
  const changed = useEditor((state) => state.changedSince?.includes(nodeId) === true);
  const line = stateLine(step, asFailure);
  return (
    <div className={styles.state} {...preview}>
      <IconHistory size={14} stroke={1.75} aria-hidden className={styles.stateIcon} />
      <span className={styles.word}>{changed ? 'Changed since' : 'Last run'}</span>
      <span className={styles.figure}>{line.tone !== 'succeeded' || line.ms === undefined ? line.word.toLowerCase() : formatDuration(line.ms)}</span>
    </div>
  );
}

/** Shows the step’s output, if it has one, while the pointer rests on the row. */
function usePreviewOnHover(step: StepState, nodeId: string) {
  const ui = useCanvasUiApi();
  const ended = step.output !== undefined || step.error !== undefined;
  return {
    onPointerEnter: () => ended && ui.setState({ preview: nodeId }),
    onPointerLeave: () => ui.getState().preview === nodeId && ui.setState({ preview: null }),
  };
}

/** An elapsed or remaining time, updated ten times a second without rendering its card. */
function Ticking({ since, until }: { since?: string; until?: string }) {
  const moment = useShownMoment();
  const text = (live: number) => {
    const now = moment ?? live;
    return formatElapsed(since ? now - Date.parse(since) : Date.parse(until ?? '') - now);
  };
  return <LiveText live={!useZoomedOut() && moment === undefined} text={text} />;
}
