import { expect, test } from 'vitest';
import { onBothStores } from '../../test/kit/both-stores.ts';
import type { AcceptedRun, Signal } from '../engine/ports.ts';
import { DEFAULT_WORKSPACE } from '../store/collections.ts';
import { signalPorts } from './signal-ports.ts';

const RUN = { workspaceId: DEFAULT_WORKSPACE, runId: 'run_parent' } as AcceptedRun;

const signal = (at: number): Signal => ({
  id: `signal_${String(at).padStart(4, '0')}`,
  runId: RUN.runId,
  waitId: `wait ${at}`,
  kind: 'run',
  value: { runId: `run_${at}` },
  actor: { kind: 'system', id: 'child-run' },
});

onBothStores('the signals of a run', (open) => {
  test('are all read, however many child runs ended at once, until they are marked as moved', async () => {
    await using opened = await open();
    const { insertSignal, pendingSignals, markMoved } = signalPorts(opened.store);
    const sent = Array.from({ length: 1_020 }, (_, at) => signal(at));
    for (let at = 0; at < sent.length; at += 60) await Promise.all(sent.slice(at, at + 60).map((one) => insertSignal(RUN, one)));
    expect((await pendingSignals(RUN)).map(({ id }) => id).sort()).toEqual(sent.map(({ id }) => id));
    await markMoved(
      RUN,
      sent.slice(1).map(({ id }) => id),
    );
    expect((await pendingSignals(RUN)).map(({ id }) => id)).toEqual(['signal_0000']);
  });
});
