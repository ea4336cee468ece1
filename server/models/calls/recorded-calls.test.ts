import { AppError } from '@switchyard/shared/errors.ts';
import type { Usage } from '@switchyard/shared/run/events.ts';
import { describe, expect, it } from 'vitest';
import { chatWith, request, scripted } from '../chat.fixture.ts';
import { NO_SPENDING, type Spending } from '../spending.ts';

/** Resolves in the next turn of the event loop, after all pending microtasks. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Lists when money was reserved and settled. A settlement ends when `settled` does. */
function listedSpending(settled: Promise<void> = Promise.resolve()) {
  const seen: unknown[] = [];
  const reservation = {
    settle: (usage: Usage | undefined) => {
      seen.push(usage ? 'settling' : 'releasing');
      return settled;
    },
  };
  const reserve: Spending['reserve'] = async () => {
    seen.push('reserved');
    return reservation;
  };
  return { seen, spending: { ...NO_SPENDING, reserve } };
}

describe('a call whose start is being recorded', () => {
  it('is reserved meanwhile, and sent only then', async () => {
    const { seen, spending } = listedSpending();
    const provider = scripted('fine');
    const recorded = Promise.withResolvers<void>();
    const answered = chatWith({ only: provider }, {}, { spending })(request, { recorded: recorded.promise });
    await expect.poll(() => seen).toEqual(['reserved']);
    expect(provider.seen).toEqual([]);
    recorded.resolve();
    expect((await answered).answer.text).toBe('fine');
    expect(seen).toEqual(['reserved', 'settling']);
  });

  it('is not sent if that fails, and its reservation is released', async () => {
    const { seen, spending } = listedSpending();
    const provider = scripted('never');
    const recorded = Promise.reject(new AppError('in-use'));
    await expect(chatWith({ only: provider }, {}, { spending })(request, { recorded })).rejects.toMatchObject({ code: 'in-use' });
    expect([seen, provider.seen]).toEqual([['reserved', 'releasing'], []]);
  });

  it('is not sent if it can’t be reserved', async () => {
    const provider = scripted('never');
    const reserve = () => Promise.reject(new AppError('budget-exceeded'));
    const answered = chatWith({ only: provider }, {}, { spending: { ...NO_SPENDING, reserve } })(request, { recorded: Promise.resolve() });
    await expect(answered).rejects.toMatchObject({ code: 'budget-exceeded' });
    expect(provider.seen).toEqual([]);
  });

  it('announces no fallback and calls no other target before then', async () => {
    const other = scripted('fine');
    const announced: unknown[] = [];
    const recorded = Promise.withResolvers<void>();
    const chat = chatWith({ other }, { targets: ['gone', 'other'].map((connectionId) => ({ connectionId, model: 'gpt-4.1' })) });
    const answered = chat(request, { recorded: recorded.promise, onFallback: (fallback) => announced.push(fallback) });
    expect(await Promise.race([answered, turn()])).toBeUndefined();
    expect([announced, other.seen]).toEqual([[], []]);
    recorded.resolve();
    await answered;
    expect([announced.length, other.seen.length]).toEqual([1, 1]);
  });

  it('shows a cached answer only then', async () => {
    const chat = chatWith({ only: scripted('fine') }, { cacheTtlMs: 60_000 });
    await chat();
    const shown: string[] = [];
    const recorded = Promise.withResolvers<void>();
    const answered = chat(request, { recorded: recorded.promise, onDelta: (text) => shown.push(text) });
    expect(await Promise.race([answered, turn()])).toBeUndefined();
    expect(shown).toEqual([]);
    recorded.resolve();
    await answered;
    expect(shown).toEqual(['fine']);
  });
});

describe('the settlement of a call', () => {
  it('is handed over before the call ends', async () => {
    const settled = Promise.withResolvers<void>();
    const { seen, spending } = listedSpending(settled.promise);
    const handed: Promise<unknown>[] = [];
    await chatWith({ only: scripted('fine') }, {}, { spending })(request, { onSettling: (work) => handed.push(work) });
    expect([seen, handed.length]).toEqual([['reserved', 'settling'], 1]);
    settled.resolve();
    await Promise.all(handed);
  });

  it('is waited for by a caller that doesn’t take it', async () => {
    const settled = Promise.withResolvers<void>();
    const { seen, spending } = listedSpending(settled.promise);
    let ended = false;
    const answered = chatWith({ only: scripted('fine') }, {}, { spending })().then(() => {
      ended = true;
    });
    await expect.poll(() => seen).toEqual(['reserved', 'settling']);
    expect(ended).toBe(false);
    settled.resolve();
    await answered;
    expect(ended).toBe(true);
  });
});
