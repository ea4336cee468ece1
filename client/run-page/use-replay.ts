import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { useEffect, useMemo, useRef, useState } from 'react';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { useLiveRun } from '../live/run-hooks.ts';
import { runStore } from '../live/watch-run.ts';
import { useReadFrames } from '../open-workflow/read-frames.ts';
import type { RunSource, Shown } from '../open-workflow/run-source.ts';
import { useAnnounceRun } from '../workbench/run-follower.tsx';
import { replaySpeed, seqAt, stateAt, timeOf } from './replay.ts';

/** A run that can be rewound. */
export interface Replay {
  readonly source: RunSource;
  /** Number of events received. What happened in the items of long for-each steps is not among them. */
  readonly total: number;
  /** The last event shown. */
  readonly seq: number;
  /** Time from the first event to the last one shown, in ms. */
  readonly ms: number;
  readonly playing: boolean;
  readonly ended: boolean;
  /** Shows the run as it was after this event. The last event returns to live. */
  seek(seq: number): void;
  togglePlay(): void;
}

/** Follows a run live until it is rewound. */
export function useReplay(runId: string): Replay {
  const { journal, state, received } = useLiveRun(runId);
  const [at, setAt] = useState<number | null>(null);
  const total = received;
  const seq = at === null ? total : Math.min(at, total);
  const past = useMemo(() => createStore<Shown>(() => ({ state: stateAt([], 0), now: 0 })), []);
  const play = usePlayback({ journal, total, seq, setAt, past });
  const live = useMemo<RunSource>(() => ({ runId, store: runStore(runId) }), [runId]);
  useReadFrames(runId);
  useAnnounceRun(live);
  useEffect(() => {
    if (at === null) return;
    past.setState({ state: stateAt(journal, seq), journal: journal.slice(0, seq), ...(!play.playing && { now: momentOf(journal, timeOf(journal, seq)) }) });
  }, [past, journal, at, seq, play.playing]);
  const winding = at !== null;
  const source = useMemo<RunSource>(() => (winding ? { runId: '', store: past } : live), [winding, past, live]);
  return {
    source,
    total,
    seq,
    ms: timeOf(journal, seq),
    playing: play.playing,
    ended: isEnded(state.status),
    seek: (wanted) => {
      play.stop();
      setAt(wanted >= total ? null : Math.max(0, wanted));
    },
    togglePlay: play.toggle,
  };
}

/** `ms` after the first event, in ms since the epoch. */
const momentOf = (journal: readonly JournalEvent[], ms: number): number => Date.parse(journal[0]?.at ?? '') + ms;

interface Playback {
  readonly journal: readonly JournalEvent[];
  readonly total: number;
  readonly seq: number;
  readonly setAt: (seq: number | null) => void;
  readonly past: StoreApi<Shown>;
}

function usePlayback({ journal, total, seq, setAt, past }: Playback) {
  const [playing, setPlaying] = useState(false);
  const from = useRef(0);
  useEffect(() => {
    if (!playing) return;
    const whole = timeOf(journal, total);
    const speed = replaySpeed(whole);
    const began = performance.now();
    let frame = requestAnimationFrame(function step(now) {
      const ms = from.current + (now - began) * speed;
      if (ms >= whole) {
        setPlaying(false);
        setAt(null);
        return;
      }
      setAt(seqAt(journal, ms));
      past.setState({ now: momentOf(journal, ms) });
      frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [playing, journal, total, setAt, past]);
  return {
    playing,
    stop: () => setPlaying(false),
    toggle: () => {
      from.current = seq >= total ? 0 : timeOf(journal, seq);
      setPlaying(!playing);
    },
  };
}
