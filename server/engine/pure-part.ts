import type { RunState } from '@switchyard/shared/run/state.ts';
import type { JournalWriter } from './journal-writer.ts';
import type { EnginePorts } from './ports.ts';

/** How many steps run before a run is on disk, and about how long they may take (S40). */
const MOST_STEPS = 32;
/** Counts the steps of items too. */
const MOST_EVENTS = 128;
const MOST_MS = 5;

/** The pure part of a run that is not on disk yet. */
export function createPurePart(ports: Pick<EnginePorts, 'elapsed'>, state: RunState, writer: Pick<JournalWriter, 'inserted'>) {
  const began = ports.elapsed();
  return {
    /** True once the pure part has used up its share. Its events are then committed before another step starts. */
    isOver: (): boolean => !writer.inserted() && (state.steps.size >= MOST_STEPS || state.seq >= MOST_EVENTS || ports.elapsed() - began >= MOST_MS),
  };
}
