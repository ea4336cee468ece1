import { expect, it } from 'vitest';
import { countChanges, textChanges } from '../../text-changes/text-changes.ts';
import { contextParts, isShare } from '../detail/context-parts.ts';
import { decisionRow } from './decision-look.ts';
import { isMine } from './reviewer.ts';

const row = (...ids: string[]) => {
  const { main, others } = decisionRow(ids.map((id) => ({ id, title: id })));
  return [main?.id, ...others.map(({ decision, refuses }) => `${decision.id}${refuses ? '!' : ''}`)];
};

it('the main decision is the first that doesn’t reject, and rejections come first among the others', () => {
  expect(row('approve', 'reject', 'send_back')).toEqual(['approve', 'reject!', 'send_back']);
  expect(row('reject', 'approve')).toEqual(['approve', 'reject!']);
  expect(row('retry', 'fail')).toEqual(['retry', 'fail!']);
  expect(row('reject')).toEqual(['reject']);
  expect(row('notify', 'no')).toEqual(['notify', 'no!']);
});

it('changes are counted by place, not by word', () => {
  const count = (draft: string, text: string) => countChanges(textChanges(draft, text));
  expect(count('same', 'same')).toBe(0);
  expect(count('all is well here', 'we are sorry here')).toBe(1);
  expect(count('one two three', 'ONE two THREE')).toBe(2);
});

it('context is shown as its author chose, else as it fits', () => {
  const long = 'x'.repeat(80);
  const parts = contextParts([
    { label: 'Said', value: 'short', show: 'quote' },
    { label: 'Long', value: long },
    { label: 'Notes', value: '**bold**', show: 'text' },
    { label: 'Tier', value: 'gold' },
    { label: 'Order', value: { id: 7 }, show: 'quote' },
  ]);
  expect(parts.quotes.map(({ label }) => label)).toEqual(['Said', 'Long']);
  expect(parts.texts).toEqual([{ label: 'Notes', text: '**bold**' }]);
  expect(parts.facts.map(({ label }) => label)).toEqual(['Tier', 'Order']);
  expect(isShare({ label: 'Confidence', value: 0.9 })).toBe(true);
  expect(isShare({ label: 'Amount', value: 0.9 })).toBe(false);
});

it('a review is mine if it is for me, a team of mine, or unassigned, and without a name all are', () => {
  const ada = { name: 'Ada', teams: ['Support'] };
  expect(['ada ', 'support', null].map((assignee) => isMine({ assignee }, ada))).toEqual([true, true, true]);
  expect(isMine({ assignee: 'Bob' }, ada)).toBe(false);
  expect(isMine({ assignee: 'Bob' }, { name: '', teams: [] })).toBe(true);
});
