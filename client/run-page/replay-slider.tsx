import { ActionIcon } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconPlayerTrackNext } from '@tabler/icons-react';
import { formatDuration } from '../ui/format.ts';
import styles from './replay-slider.module.css';
import type { Replay } from './use-replay.ts';

/** Moves through a run: by pointer, by arrow keys, or by playing it. */
export function ReplaySlider({ replay }: { replay: Replay }) {
  if (replay.total === 0) return null;
  const now = replay.seq >= replay.total;
  return (
    <div className={styles.replay} role="toolbar" aria-label="Replay">
      <ActionIcon size={30} aria-label={replay.playing ? 'Pause the replay' : 'Play'} onClick={replay.togglePlay}>
        {replay.playing ? <IconPlayerPause size={16} stroke={1.7} /> : <IconPlayerPlay size={16} stroke={1.7} />}
      </ActionIcon>
      <input
        type="range"
        className={styles.slider}
        min={0}
        max={replay.total}
        value={replay.seq}
        aria-label="Position in run"
        aria-valuetext={`Event ${replay.seq} of ${replay.total}, after ${formatDuration(replay.ms)}`}
        onChange={(event) => replay.seek(Number(event.target.value))}
      />
      <span className={styles.at}>
        {replay.seq} / {replay.total}
      </span>
      <span className={styles.time}>{formatDuration(replay.ms)}</span>
      <ActionIcon size={30} aria-label={replay.ended ? 'To the end' : 'Live'} disabled={now} onClick={() => replay.seek(replay.total)}>
        <IconPlayerTrackNext size={16} stroke={1.7} />
      </ActionIcon>
    </div>
  );
}
