import type { JournalEvent, RunEvent } from '@switchyard/shared/run/events.ts';
import { eventsInRow } from '@switchyard/shared/run/upcast.ts';
import { expect, it } from 'vitest';
import { graph, node, stateOf } from './scenario.ts';
import { createWorld } from './world.ts';

const at = '2020-01-01T00:00:00.000Z';
const started = (stepId: string, nodeKey: string, nodeType: string): RunEvent => ({
  ...{ type: 'step-started', at, stepId, nodeKey, nodeType, round: 1, attempt: 1, input: null },
  effect: 'keyed',
});

/** A step with three requests, interrupted in the second. */
const cutOff: JournalEvent[] = eventsInRow({
  seq: 1,
  v: 1,
  events: [
    { type: 'run-started', at, workflowId: 'workflow', version: 1, trigger: 'api', labels: {}, graphHash: 'graph' },
    started('start#1', 'start', 'start'),
    { type: 'step-finished', at, stepId: 'start#1', output: { n: 1 }, port: null },
    started('work#1', 'work', 'call'),
    { type: 'call-started', at, stepId: 'work#1', callId: 'work#1/http/0', name: 'http', kind: 'http' },
    { type: 'call-finished', at, stepId: 'work#1', callId: 'work#1/http/0', name: 'http', result: { status: 200, headers: {}, text: 'kept', bytes: 4 } },
    { type: 'call-started', at, stepId: 'work#1', callId: 'work#1/http/1', name: 'http', kind: 'http' },
  ],
});

it('a step that began under version 1 keeps its finished calls, its IDs, and its key until it ends; the next step has new ones', async () => {
  const call = (key: string, calls: number) => node(key, 'call', { effect: 'keyed', calls });
  const world = createWorld({ seed: 1, graph: graph([call('work', 3), call('after', 1)], ['start>work', 'work>after']), faultChance: 0, before: cutOff });
  await world.play(0, 0);
  const state = stateOf(world);
  expect(state.status).toBe('succeeded');
  expect(state.steps.get('work#1')?.output).toEqual({ answers: ['kept', 'http://outside/1', 'http://outside/2'] });
  expect(state.steps.get('work#1')?.calls.map(({ id }) => id)).toEqual(['work#1/http/0', 'work#1/http/1', 'work#1/http/2']);
  expect([...world.effects.keys()]).toEqual(['run:work#1 http://outside/1', 'run:work#1 http://outside/2', 'run:after#1/http:1 http://outside/0']);
});
