import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { expect } from 'vitest';
import { checkFrames } from './check-frames.ts';
import type { World } from './world.ts';

/** What holds for every journal, whatever happened. */
export function checkJournal(world: Pick<World, 'journal' | 'published' | 'summary' | 'asked'>): void {
  const finished = new Set<string>();
  const callsDone = new Set<string>();
  let ended = false;
  for (const [index, event] of world.journal.entries()) {
    expect(event.seq).toBe(index + 1);
    expect(ended, `nothing follows the end, but ${event.type} did`).toBe(false);
    checkOnce(event, finished, callsDone);
    ended = event.type === 'run-finished';
  }
  expect(ended, 'the run ends').toBe(true);
  checkFrames(world.journal);
  expect(sharedKeys(world), 'a key shared by two requests').toEqual([]);
  for (const event of world.published) expect(world.journal[event.seq - 1], 'published events never change').toEqual(event);
  const state = fold(world.journal);
  expect(world.summary()?.status).toBe(state.status);
  expect(world.summary()?.seq).toBe(state.seq);
  expect(state.runningCount + state.waitingCount).toBe(0);
  expect(state.frames.size + state.containers.size, 'nothing of an item stays').toBe(0);
}

function checkOnce(event: JournalEvent, finished: Set<string>, callsDone: Set<string>): void {
  if (event.type === 'step-started') expect(finished.has(event.stepId), `${event.stepId} runs after it has ended`).toBe(false);
  if (event.type === 'step-finished' || event.type === 'step-failed' || event.type === 'step-skipped' || event.type === 'step-cancelled') {
    expect(finished.has(event.stepId), `${event.stepId} ends twice`).toBe(false);
    finished.add(event.stepId);
  }
  if (event.type === 'call-started') expect(callsDone.has(event.callId), `${event.callId} is performed again`).toBe(false);
  if (event.type === 'call-finished') callsDone.add(event.callId);
}

/** Keys sent with more than one request: a receiver that deduplicates by them would drop all but the first. */
function sharedKeys(world: Pick<World, 'asked'>): string[] {
  const urls = new Map<string, string>();
  return world.asked.flatMap((asked) => {
    const [key = '', url = ''] = asked.split(' ');
    if ((urls.get(key) ?? url) !== url) return [key];
    urls.set(key, url);
    return [];
  });
}
