import type { ReviewTask } from '@switchyard/shared/run/events.ts';
import { describe, expect, it } from 'vitest';
import { readDecision } from './decision.ts';

const task: ReviewTask = {
  title: 'Check',
  decisions: [
    { id: 'approve', title: 'Approve' },
    { id: 'reject', title: 'Reject' },
  ],
  fields: [
    { name: 'reply', label: 'Reply', kind: 'long-text', value: 'Dear Ada', required: true },
    { name: 'amount', label: 'Amount', kind: 'number', value: 10 },
    { name: 'vip', label: 'VIP', kind: 'boolean', value: false },
    { name: 'team', label: 'Team', kind: 'choice', value: 'a', choices: ['a', 'b'] },
    { name: 'meta', label: 'Meta', kind: 'json', value: { x: 1, y: 2 } },
  ],
  context: [],
};
const paths = (sent: unknown) => {
  const read = readDecision(task, sent);
  return read.ok ? [] : read.errors.map(({ path }) => path);
};

describe('reading a decision', () => {
  it('keeps the draft where nothing was sent', () => {
    expect(readDecision(task, { decision: 'approve' })).toEqual({
      ok: true,
      value: {
        decision: 'approve',
        values: { reply: 'Dear Ada', amount: 10, vip: false, team: 'a', meta: { x: 1, y: 2 } },
        comment: '',
        reasons: [],
        reviewer: null,
        changes: [],
      },
    });
  });

  it('lists exactly the changes', () => {
    const values = { reply: 'Dear Ada!', amount: '12.5', meta: { y: 2, x: 1 } };
    expect(readDecision(task, { decision: 'approve', values, comment: 'shorter', reasons: ['tone'], reviewer: 'owner' })).toMatchObject({
      value: {
        values: { ...values, amount: 12.5 },
        comment: 'shorter',
        reasons: ['tone'],
        reviewer: 'owner',
        changes: [
          { field: 'reply', kind: 'long-text', before: 'Dear Ada', after: 'Dear Ada!' },
          { field: 'amount', kind: 'number', before: 10, after: 12.5 },
        ],
      },
    });
  });

  it('rejects an unknown decision', () => {
    expect(paths({ decision: 'approved' })).toEqual(['decision']);
    expect(paths({})).toEqual(['decision']);
    expect(paths(null)).toEqual(['']);
    expect(paths('approve')).toEqual(['']);
  });

  it('rejects values that don’t match their fields, each by its path', () => {
    const values = { reply: ' ', amount: 'much', vip: 'yes', team: 'c', other: 1 };
    expect(paths({ decision: 'approve', values })).toEqual(['values.reply', 'values.amount', 'values.vip', 'values.team', 'values.other']);
    expect(paths({ decision: 'approve', values: { reply: 3 } })).toEqual(['values.reply']);
  });

  it('also rejects a draft that doesn’t match its field, unless no one could have fixed it', () => {
    const bare: ReviewTask = {
      ...task,
      fields: [
        { name: 'reply', label: 'Reply', kind: 'text', value: '', required: true },
        { name: 'team', label: 'Team', kind: 'choice', value: 'z', choices: ['a', 'b'] },
      ],
    };
    const read = readDecision(bare, { decision: 'approve' });
    expect(read).toMatchObject({ ok: false, errors: [{ path: 'values.reply' }, { path: 'values.team' }] });
    const kept = readDecision(bare, { decision: 'reject' }, { draft: 'as-it-is' });
    expect(kept).toMatchObject({ ok: true, value: { values: { reply: '', team: 'z' }, changes: [] } });
  });

  it('reads its own result as the same', () => {
    const first = readDecision(task, { decision: 'approve', values: { amount: '3', team: ' ', meta: '' } });
    expect(first.ok && readDecision(task, { decision: 'approve', values: first.value.values })).toEqual(first);
  });

  describe('if a required field is empty', () => {
    const empty: ReviewTask = {
      ...task,
      fields: [
        { name: 'order', label: 'Order', kind: 'text', value: '', required: true },
        { name: 'amount', label: 'Amount', kind: 'number', value: null, required: true },
      ],
    };
    const withRule = (...rules: (boolean | undefined)[]): ReviewTask => ({
      ...empty,
      decisions: empty.decisions.map((decision, index) => ({ ...decision, requireFields: rules[index] })),
    });

    it('rejects only the first decision, unless the decisions say otherwise', () => {
      const values = { order: '' };
      expect(readDecision(empty, { decision: 'approve', values })).toMatchObject({ ok: false, errors: [{ path: 'values.order' }, { path: 'values.amount' }] });
      expect(readDecision(empty, { decision: 'reject', values })).toMatchObject({ ok: true, value: { values: { order: '', amount: null }, changes: [] } });
      expect(readDecision(withRule(false), { decision: 'approve', values })).toMatchObject({ ok: true });
      expect(readDecision(withRule(undefined, true), { decision: 'reject', values })).toMatchObject({ ok: false });
    });

    it('validates types even for a decision that does not require fields, and accepts its own result again', () => {
      const broken: ReviewTask = { ...empty, fields: [...empty.fields, { name: 'team', label: 'Team', kind: 'choice', value: 'z', choices: ['a'] }] };
      const read = readDecision(broken, { decision: 'reject' });
      expect(read).toMatchObject({ ok: true, value: { values: { team: 'z' } } });
      expect(read.ok && readDecision(broken, { decision: 'reject', values: read.value.values })).toEqual(read);
      expect(readDecision(broken, { decision: 'reject', values: { amount: 'much', team: 'y' } })).toMatchObject({
        errors: [{ path: 'values.amount' }, { path: 'values.team' }],
      });
    });
  });

  it('allows optional fields to be emptied', () => {
    const read = readDecision(task, { decision: 'reject', values: { amount: null, team: '', meta: null } });
    expect(read).toMatchObject({ ok: true, value: { values: { amount: null, team: '', meta: null } } });
  });

  it('rejects __proto__ as an unknown field', () => {
    expect(paths({ decision: 'approve', values: JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2}') })).toEqual([
      'values.__proto__',
      'values.constructor',
    ]);
  });
});
