import { fold } from '@switchyard/shared/run/fold.ts';
import type { RunState } from '@switchyard/shared/run/state.ts';
import { expect, it } from 'vitest';
import { createJournalWriter } from './journal-writer.ts';
import type { AcceptedRun, EnginePorts } from './ports.ts';

const ports = { now: () => 0, bus: { publish: () => {} } } as unknown as EnginePorts;

it('hands out the state of the first commit without what is recorded later and not on disk yet', async () => {
  const state = fold([]);
  const handedOut: (RunState | undefined)[] = [];
  const writer = createJournalWriter({
    ports,
    run: { runId: 'run_1' } as AcceptedRun,
    state,
    visible: () => state,
    shownStatus: 'queued',
    onCommitted: () => {},
    first: { insert: async () => {}, inserted: (committed) => handedOut.push(committed), refused: () => {} },
  });
  writer.record({ type: 'run-started', workflowId: 'wf_1', version: 1, trigger: 'webhook', labels: {}, graphHash: 'hash' });
  await writer.commit();
  writer.record({ type: 'run-failing', error: { code: 'internal', message: 'Not committed yet', nodeKey: '', stepId: '' } });
  expect(state.error).toBeDefined();
  expect(handedOut.map((committed) => [committed?.seq, committed?.error])).toEqual([[1, undefined]]);
});
