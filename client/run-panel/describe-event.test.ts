import type { JournalEvent, RunEvent } from '@switchyard/shared/run/events.ts';
import { describe, expect, it } from 'vitest';
import { describeEvent, formatOffset } from './describe-event.ts';

const at = '2026-11-20T10:00:02.000Z';
const titles: Record<string, string> = { draft: 'Refund draft', classify: 'Classify intent' };
const words = (event: RunEvent) => describeEvent({ ...event, seq: 1 } as JournalEvent, (key) => titles[key] ?? key);
const error = { code: 'timeout' as const, message: 'It took longer than 5 s.' };

describe('descriptions of journal events', () => {
  it.each<[RunEvent, string]>([
    [
      { type: 'run-started', at, workflowId: 'w', version: 'draft', trigger: 'test-webhook', labels: {}, graphHash: '' },
      'Run of the draft started by the test URL',
    ],
    [
      { type: 'step-started', at, stepId: 'draft#2', nodeKey: 'draft', nodeType: 'prompt', round: 2, attempt: 3, effect: 'pure', input: {} },
      'Refund draft, round 2 started, attempt 3',
    ],
    [{ type: 'step-finished', at, stepId: 'classify#1', output: {}, port: 'refund' }, 'Classify intent succeeded, branch: refund'],
    [
      { type: 'step-failed', at, stepId: 'draft#1', error, handled: true, attempt: 1 },
      'Refund draft failed and took its error branch: It took longer than 5 s.',
    ],
    [
      { type: 'attempt-failed', at, stepId: 'draft#1', attempt: 1, error, waitId: 'x', retryAt: '2026-11-20T10:00:03.500Z' },
      'Refund draft: attempt 1 failed. It took longer than 5 s. Retrying in 1.5 s',
    ],
    [
      { type: 'round-started', at, edgeId: 'e', sourceStepId: 'review#1', targetKey: 'draft', members: [{ nodeKey: 'draft', round: 2 }] },
      'Looped back to Refund draft (round 2)',
    ],
    [{ type: 'run-finished', at, status: 'failed', error }, 'Run failed: It took longer than 5 s.'],
  ])('says %#', (event, sentence) => {
    expect(words(event)).toBe(sentence);
  });

  it('fall back to the type for an unknown event', () => {
    expect(words({ type: 'budget-reserved', at } as unknown as RunEvent)).toBe('budget reserved');
  });

  it('give times since the start of the run', () => {
    expect(formatOffset(at, '2026-11-20T10:00:00.000Z')).toBe('+2.0 s');
    expect(formatOffset(at, undefined)).toBe('+0 ms');
  });
});
