import { frameId } from '@switchyard/shared/run/address.ts';
import { type FrameState, isEnded, type StepState } from '@switchyard/shared/run/state.ts';
import { useEffect } from 'react';
import { readFrame, wantFrame } from '../live/item-frames.ts';
import { runStore } from '../live/watch-run.ts';
import { chosenItems, type ItemSource, isReadOnDemand, shownItemOf } from './shown-item.ts';

/** How often the shown items of a run in progress are looked at. */
const LOOK_MS = 500;

/** Reads the shown items of long for-each steps while mounted. */
export function useReadFrames(runId: string | undefined): void {
  useEffect(() => {
    if (!runId) return;
    const store = runStore(runId);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isDue = false;
    const look = () => {
      if (timer !== undefined) {
        isDue = true;
        return;
      }
      const { state, journal } = store.getState();
      wantShown({ runId, state, journal }, state);
      timer = setTimeout(() => {
        timer = undefined;
        if (isDue) {
          isDue = false;
          look();
        }
      }, LOOK_MS);
    };
    look();
    const stops = [store.subscribe(look), chosenItems.subscribe(look)];
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, [runId]);
}

/** Wants the shown item of each long for-each step in a frame, and of those in that item. */
function wantShown(source: ItemSource, frame: FrameState): void {
  for (const step of frame.steps.values()) {
    if (!step.items || step.items.count === 0 || !isReadOnDemand(source.state, step)) continue;
    const index = shownItemOf(source, step);
    const id = frameId(step.id, index);
    wantFrame(source.runId, id, isOver(source, step, index));
    const read = readFrame(source.runId, id);
    if (read) wantShown(source, read);
  }
}

function isOver({ state }: ItemSource, step: StepState, index: number): boolean {
  const container = state.containers.get(step.id);
  return container ? container.outcomes[index] !== undefined : step.endedAt !== undefined || isEnded(state.status);
}
