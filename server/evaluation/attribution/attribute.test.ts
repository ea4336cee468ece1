import type { LikelyCause } from '@switchyard/shared/contracts/evaluation/corrections.ts';
import { describe, expect, it } from 'vitest';
import { attribute, type CorrectionFacts, type DraftingCall, type DraftingStep } from './attribute.ts';

const call: DraftingCall = { repaired: false, finishReason: 'stop' };
const step: DraftingStep = { call, brokenChecks: [], received: 'The customer writes: Where is my refund for order 4417?' };
const facts: CorrectionFacts = {
  before: 'Dear Ada, your refund will reach you soon.',
  after: 'Dear Ada, your money is on its way.',
  isLabel: false,
  reasons: [],
  request: '{"message":"Where is my refund for order 4417?","customer":{"name":"Ada Marsh"}}',
  step,
};
const attributed = (more: Partial<CorrectionFacts>): LikelyCause => attribute({ ...facts, ...more });
const byCall = (more: Partial<DraftingCall>) => attributed({ step: { ...step, call: { ...call, ...more } } });

describe('the likely cause of a correction', () => {
  it('is the prompt if the same facts are said in other words', () => {
    expect(attributed({})).toEqual({ cause: 'prompt', rule: 6, ground: 'wording', evidence: [] });
  });

  it('is missing data if the correction adds numbers, dates, or names that were not known', () => {
    const after = 'Dear Ada, your refund of 129.00 EUR for order 4417 will reach you by 12 November through Nordpost.';
    expect(attributed({ after })).toEqual({ cause: 'data', rule: 5, ground: 'new-facts', evidence: ['12 November', '129.00', 'Nordpost'] });
    expect(attributed({ after: 'Dear Ada Marsh, order 4417 is paid.' })).toMatchObject({ cause: 'prompt' });
    expect(attributed({ before: null, after: 129 })).toMatchObject({ cause: 'data', evidence: ['129'] });
  });

  it('is the model if a fallback served, or the answer was cut off or refused', () => {
    expect(byCall({ fallback: { from: 'main/large', to: 'spare/small' } })).toEqual({
      cause: 'model',
      rule: 4,
      ground: 'fallback',
      evidence: ['main/large', 'spare/small'],
    });
    expect(byCall({ finishReason: 'length' })).toMatchObject({ cause: 'model', ground: 'cut' });
    expect(byCall({ finishReason: 'refusal' })).toMatchObject({ cause: 'model', ground: 'refused' });
  });

  it('is validation after a repair, for a change of format, and for a broken check', () => {
    expect(byCall({ repaired: true, fallback: { from: 'a', to: 'b' } })).toMatchObject({ cause: 'validation', rule: 3, ground: 'repair' });
    expect(attributed({ after: '**Dear Ada** –\n\nYour refund will reach you soon!' })).toMatchObject({ cause: 'validation', ground: 'format' });
    expect(attributed({ before: 'It costs 64.50', after: 'It costs 6450' })).not.toMatchObject({ ground: 'format' });
    expect(attributed({ step: { ...step, brokenChecks: ['Has 900 characters. The maximum is 500.'] } })).toMatchObject({ ground: 'check', rule: 3 });
    expect(attributed({ isLabel: true, labels: ['a', 'b'], before: 'z', after: 'a' })).toMatchObject({ cause: 'validation', ground: 'check' });
  });

  it('is routing if a label was changed, or the run was sent to another branch', () => {
    expect(attributed({ isLabel: true, before: 'billing', after: 'refund' })).toMatchObject({ cause: 'routing', rule: 2, evidence: ['billing', 'refund'] });
    const otherBranch = { proposed: 'Approve', taken: 'Escalate' };
    expect(attributed({ otherBranch, step: { ...step, call: { ...call, repaired: true } } })).toMatchObject({
      ground: 'branch',
      evidence: ['Approve', 'Escalate'],
    });
  });

  it('is what the reviewer chose, before all rules, also without a step', () => {
    expect(attributed({ reasons: ['tone', ' Data '], isLabel: true })).toMatchObject({ cause: 'data', rule: 1, ground: 'chosen' });
    expect(attributed({ reasons: ['model', 'data'], step: 'none' })).toMatchObject({ cause: 'model', rule: 1 });
  });

  it('is unknown if no step or several made the draft, or the step called no model and no rule holds', () => {
    const none = { cause: null, rule: null, evidence: [] };
    expect(attributed({ step: 'none' })).toEqual({ ...none, ground: 'no-step' });
    expect(attributed({ step: 'several', isLabel: true })).toEqual({ ...none, ground: 'several-steps' });
    expect(attributed({ step: { ...step, call: undefined } })).toEqual({ ...none, ground: 'no-model' });
  });
});
