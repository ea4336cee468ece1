import { createCallMemory } from '@switchyard/server/models/calls/call-memory.ts';
import { createChat } from '@switchyard/server/models/chat-service.ts';
import type { ModelProvider } from '@switchyard/server/models/provider.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { textMessage } from '@switchyard/shared/model/chat.ts';
import { type Figure, underLimit } from '../figure.ts';

const HOUR_MS = 3_600_000;
const PER_SECOND = 20;
/** Calls before and after the outage. */
const AROUND_MS = 60_000;
const FAILING = { connectionId: 'first', model: 'model' };

/**
 * An hour in which the first target of a route fails, at 20 calls per second on a simulated clock. Throws if a call fails although the
 * fallback works. The figures are how soon the first target is no longer called, how often it is called at all, and how many calls show
 * that it works again.
 */
export async function outage(): Promise<Figure[]> {
  let now = 0;
  let failures = 0;
  let failuresUntilOpen: number | undefined;
  const isOut = () => now >= AROUND_MS && now < AROUND_MS + HOUR_MS;
  const memory = createCallMemory(() => now);
  const answer = async () => ({ content: 'fine', usage: { inputTokens: 10, outputTokens: 5 }, model: 'model', finishReason: 'stop' });
  const first: ModelProvider = {
    chat: async () => {
      if (!isOut()) return answer();
      failures++;
      throw new AppError('provider-overloaded', 'overloaded');
    },
    listModels: async () => [],
  };
  const second: ModelProvider = { chat: answer, listModels: async () => [] };
  const chat = createChat({
    resolveRoute: async (_workspace, name) => ({
      name,
      version: 1,
      targets: [FAILING, { connectionId: 'second', model: 'model' }],
      order: 'sequence',
      stickyKey: null,
      onBrokenStream: 'restart',
      cacheTtlMs: null,
      fallbackWarningMs: null,
    }),
    providerFor: async (_workspace, connection) => ({ provider: connection === 'first' ? first : second, connection, kind: 'openai', limits: {} }),
    clock: { now: () => new Date(now) },
    pause: async () => {},
    admitCall: async () => {},
    memory,
  });
  let trials = 0;
  for (; now < HOUR_MS + 2 * AROUND_MS; now += 1_000 / PER_SECOND) {
    const before = memory.circuits.stateOf(FAILING.connectionId, FAILING.model).state;
    const { record } = await chat(
      { route: 'route', messages: [textMessage('user', 'Hello')] },
      { workspaceId: 'bench', signal: new AbortController().signal, onDelta: () => {} },
    );
    if (record.answer !== 'fine') throw new Error(`A call during the outage answered “${record.answer}”.`);
    const { state } = memory.circuits.stateOf(FAILING.connectionId, FAILING.model);
    if (state === 'open') failuresUntilOpen ??= failures;
    if (!isOut() && now > AROUND_MS && before !== 'closed' && record.connection === 'first') trials++;
  }
  const { state } = memory.circuits.stateOf(FAILING.connectionId, FAILING.model);
  if (failuresUntilOpen === undefined || state !== 'closed') throw new Error('The circuit didn’t open during the outage, or didn’t close after it.');
  return [
    underLimit('outage: failing calls until the circuit is open', 'calls', { value: failuresUntilOpen, goal: 10 }),
    underLimit('outage: calls to the failing target in an hour', 'calls', { value: failures, goal: 130 }),
    underLimit('outage: calls until the circuit is closed again', 'calls', { value: trials, goal: 1 }),
  ];
}
