import type { Replay } from '@switchyard/shared/contracts/evaluation/replays.ts';
import { IconCoin } from '@tabler/icons-react';
import { OUTCOME_LOOKS } from '../run-look/replay/replay-looks.ts';
import { formatNumber } from '../ui/format.ts';
import styles from './replay-strip.module.css';
import { costChange, SHOWN_OUTCOMES } from './replay-words.ts';

/** The answer in words, with a bar in the same colors. */
export function ReplayStrip({ replay }: { replay: Replay }) {
  const { counts, version, status, isShadow } = replay;
  const shown = SHOWN_OUTCOMES.filter((outcome) => counts[outcome] > 0 || outcome === 'same');
  const total = Math.max(1, counts.total - counts['not-replayable']);
  return (
    <section className={styles.strip} aria-label="How the runs differ">
      <h2 className={styles.title}>
        {isShadow ? `v${version} in shadow` : version === 'draft' ? 'If this draft had been live' : `If v${version} had been live`}
        {status === 'running' && (
          <span className={styles.progress} role="status">
            {isShadow ? `${formatNumber(counts.done)} live inputs so far` : `${formatNumber(counts.done)} of ${formatNumber(counts.total)} replayed`}
          </span>
        )}
        {status === 'cancelled' && <span className={styles.progress}>Canceled after {formatNumber(counts.done)} runs</span>}
      </h2>
      <ul className={styles.counts}>
        {shown.map((outcome) => {
          const { tone, Glyph, words } = OUTCOME_LOOKS[outcome];
          return (
            <li key={outcome} data-tone={tone}>
              <Glyph size={17} stroke={1.7} aria-hidden />
              <b>{formatNumber(counts[outcome])}</b> {words}
            </li>
          );
        })}
        <CostChange replay={replay} />
      </ul>
      <span className={styles.bar} aria-hidden>
        {shown.map((outcome) => (
          <i key={outcome} data-tone={OUTCOME_LOOKS[outcome].tone} style={{ width: `${(100 * counts[outcome]) / total}%` }} />
        ))}
      </span>
    </section>
  );
}

function CostChange({ replay }: { replay: Replay }) {
  const change = costChange(replay);
  if (change === undefined) return null;
  return (
    <li className={styles.cost} data-tone={change > 0 ? 'failed' : change < 0 ? 'cheaper' : 'same'} title="Of runs that reached their end">
      <IconCoin size={17} stroke={1.7} aria-hidden />
      <b>
        {change > 0 ? '+' : change < 0 ? '−' : ''}
        {Math.abs(change)}%
      </b>{' '}
      cost
    </li>
  );
}
