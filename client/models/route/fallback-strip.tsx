import type { RouteFiguresView } from '@switchyard/shared/contracts/routes.ts';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useSlowNow } from '../../ui/clock.ts';
import { formatDuration } from '../../ui/format.ts';
import { callsText, clockText } from './figures/figure-texts.ts';
import styles from './ladder.module.css';

/** A shorter fallback is not worth a strip, unless the route warns of it. */
const LASTING_MS = 60_000;
const MINUTE_MS = 60_000;

interface Props {
  readonly figures: RouteFiguresView;
  readonly warnAfterMs: number | null;
}

/** Says that later targets answer instead of the first one, once that lasts. */
export function FallbackStrip({ figures, warnAfterMs }: Props) {
  const now = useSlowNow();
  const { fallingBackSince, firstAnsweredAt, warning, minutes } = figures;
  if (fallingBackSince === null) return null;
  const lasted = now - Date.parse(fallingBackSince);
  if (!warning && lasted < LASTING_MS) return null;
  const later = minutes.slice(-(Math.ceil(lasted / MINUTE_MS) + 1)).reduce((sum, minute) => sum + minute.later, 0);
  const first = firstAnsweredAt === null ? 'The first choice hasn’t answered yet' : `The first choice last answered at ${clockText(firstAnsweredAt)}`;
  return (
    <p className={styles.fallback} role="status">
      <IconAlertTriangle size={17} stroke={1.7} aria-hidden />
      <span>
        <b>Falling back for {lasted < MINUTE_MS ? 'less than 1 min' : formatDuration(lasted - (lasted % MINUTE_MS))}.</b> {first}. Since then, later targets
        answered {callsText(later)}.{!warning && warnAfterMs !== null && ` The route warns after ${formatDuration(warnAfterMs)}.`}
      </span>
    </p>
  );
}
