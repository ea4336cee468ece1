import { expect, test } from 'vitest';
import { pairedMessages } from './paired-messages.ts';

test('messages are compared with the earlier one of their role; added and removed ones have an empty side', () => {
  const before = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'One' },
    { role: 'assistant', content: 'Gone' },
  ] as const;
  const after = [
    { role: 'user', content: 'Two' },
    { role: 'user', content: 'New' },
    { role: 'system', content: 'Be brief.' },
  ] as const;
  expect(pairedMessages(before, after)).toEqual([
    { role: 'user', before: 'One', after: 'Two' },
    { role: 'user', before: '', after: 'New' },
    { role: 'system', before: 'Be brief.', after: 'Be brief.' },
    { role: 'assistant', before: 'Gone', after: '' },
  ]);
});
