import { expect, test } from 'vitest';
import { contentOf, draftOf, isChanged } from './queue-draft.ts';

const saved = { concurrency: 2, priority: 'normal', queueLimit: null, revision: 1, updatedAt: null, actor: null } as const;

test('shows unsaved text on top of the saved limits', () => {
  expect(draftOf(saved, {})).toEqual({ concurrency: '2', queueLimit: '', priority: 'normal' });
  const draft = draftOf(saved, { queueLimit: '1,500', priority: 'high' });
  expect(contentOf(draft)).toEqual({ concurrency: 2, queueLimit: 1_500, priority: 'high' });
  expect([isChanged(saved, draftOf(saved, {})), isChanged(saved, draft)]).toEqual([false, true]);
});

test('an empty field is no limit', () => {
  expect(contentOf(draftOf(saved, { concurrency: ' ' }))).toEqual({ concurrency: null, queueLimit: null, priority: 'normal' });
});
