import { expect, test } from 'vitest';
import { readAuditSearch } from './audit-search.ts';
import { actionLabel, fieldChanges, fieldLabel, subjectName } from './change-labels.ts';

test('a change lists the fields that differ, money in dollars', () => {
  const before = { id: 'bdg_1', scope: { kind: 'tenant', id: 'acme' }, softMicros: 400_000, updatedAt: 'a' };
  const after = { ...before, softMicros: 500_000, hardMicros: 1_000_000, updatedAt: 'b' };
  expect(fieldChanges({ before, after })).toEqual([
    { field: 'softMicros', label: expect.any(String), before: '$0.40', after: '$0.50' },
    { field: 'hardMicros', label: expect.any(String), before: undefined, after: '$1' },
  ]);
  expect(fieldChanges({ before: null, after: { scope: { kind: 'workspace' }, targets: ['a'] } })).toEqual([
    { field: 'scope.kind', label: expect.any(String), before: undefined, after: 'workspace' },
    { field: 'targets', label: expect.any(String), before: undefined, after: 'a' },
  ]);
  expect(fieldChanges({ before: null, after: null })).toEqual([]);
});

test('targets of a route are compared by model and connection, each setting in words', () => {
  const names = new Map([['con_1', 'OpenAI']]);
  const large = { connectionId: 'con_1', model: 'gpt-4.1', firstTokenMs: 6_000, parameters: { maxTokens: 2_000 } };
  const local = { connectionId: 'con_2', model: 'llama', when: 'labels.tier == "free"' };
  const changes = fieldChanges({ before: { targets: [large] }, after: { targets: [local, { ...large, firstTokenMs: 4_000 }] } }, names);
  expect(changes.map(({ label, before, after }) => [label, before, after])).toEqual([
    ['targets', '1. gpt-4.1 (OpenAI)', '1. llama (con_2), 2. gpt-4.1 (OpenAI)'],
    ['target 2 first text within', '6.0 s', '4.0 s'],
    ['target 1 only when', undefined, 'labels.tier == "free"'],
  ]);
  // Of a removed target, only the list says so.
  const removed = fieldChanges({ before: { targets: [local, large] }, after: { targets: [large] } }, names);
  expect(removed.map(({ label }) => label)).toEqual(['targets']);
  const twice = fieldChanges({ before: null, after: { targets: [large, { ...large, weight: 10 }] } }, names);
  expect(twice[0]?.after).toBe('1. gpt-4.1 (OpenAI), 2. gpt-4.1 (OpenAI) #2');
});

test('each label of a prompt is a field', () => {
  expect(fieldChanges({ before: null, after: { version: 2, labels: [{ label: 'production', version: 2 }] } })).toEqual([
    { field: 'version', label: 'version', before: undefined, after: '2' },
    { field: 'labels.production', label: 'labels production', before: undefined, after: 'v2' },
  ]);
});

test('objects in a list are fields by their place, durations have a unit', () => {
  const changes = fieldChanges({ before: { steps: [{ share: 5 }] }, after: { steps: [{ share: 10, waitMs: 90_000 }], fallbackWarningMs: 900_000 } });
  expect(changes.map(({ label, before, after }) => [label, before, after])).toEqual([
    ['steps 1 share', '5', '10'],
    ['steps 1 wait', undefined, '1 min 30 s'],
    ['fallback warning', undefined, '15 min'],
  ]);
});

test('each detector of a policy is a field', () => {
  const card = { detector: 'card', action: 'mask', keepLast: 4 };
  const id = { detector: 'pattern', name: 'customer-id', pattern: 'CUS-', action: 'hash' };
  const fields = { detector: 'field', fields: ['password', 'customer.name'], action: 'mask' };
  expect(fieldChanges({ before: { redaction: [card, id, fields] }, after: { redaction: [{ ...card, keepLast: 0 }] } })).toEqual([
    { field: 'redaction.card', label: expect.any(String), before: 'mask, keep 4', after: 'mask' },
    { field: 'redaction.customer-id', label: expect.any(String), before: 'hash: CUS-', after: undefined },
    { field: 'redaction.fields.mask', label: expect.any(String), before: 'password, customer.name', after: undefined },
  ]);
});

test('prices are per million tokens', () => {
  expect(fieldChanges({ before: { input: 0.25 }, after: { input: 1 } })).toEqual([
    { field: 'input', label: expect.any(String), before: '$0.25 per million tokens', after: '$1 per million tokens' },
  ]);
});

test('long values and many fields are cut', () => {
  const [only] = fieldChanges({ before: null, after: { text: 'x'.repeat(1_000) } });
  expect(only?.after).toHaveLength(401);
  expect(fieldChanges({ before: null, after: Object.fromEntries(Array.from({ length: 90 }, (_, index) => [`f${index}`, index])) })).toHaveLength(30);
});

test('an object is named as people know it', () => {
  const budget = { kind: 'budget', id: 'bdg_1' } as const;
  expect(subjectName({ subject: budget, before: null, after: { scope: { kind: 'tenant', id: 'acme' } } })).toBe('acme');
  expect(subjectName({ subject: budget, before: { name: 'Nightly', scope: { kind: 'workspace' } }, after: null })).toBe('Nightly');
  expect(subjectName({ subject: budget, before: null, after: { scope: { kind: 'workspace' } } })).toBe('Everything');
  expect(subjectName({ subject: budget, before: null, after: { scope: { kind: 'route' } } })).toBe('Each route');
  expect(subjectName({ subject: { kind: 'price', id: 'gpt-5' }, before: null, after: { model: 'gpt-5', input: 1 } })).toBe('gpt-5');
});

test('fields and actions have labels', () => {
  expect(['softMicros', 'assumedPrice.input', 'timeZone'].map(fieldLabel)).toEqual(['soft limit', 'assumed price input', 'time zone']);
  const subject = { kind: 'prompt', id: 'support' } as const;
  const moved = { subject, action: 'move-label', before: null, after: { label: 'production', version: 2 } };
  const named = (action: string, kind: 'prompt' | 'release' | 'restore' = 'prompt') =>
    actionLabel({ subject: { kind, id: 'support' }, action, before: null, after: null });
  expect([named('update'), actionLabel(moved), named('move-label'), named('roll-back'), named('release', 'release'), named('release', 'restore')]).toEqual([
    'changed',
    'label production moved',
    'label moved',
    'roll back',
    'started',
    'held runs released',
  ]);
});

test('a URL is read without its invalid values', () => {
  expect(readAuditSearch({ kind: 'budget', period: '7d' })).toEqual({ kind: 'budget', period: '7d' });
  expect(readAuditSearch({ kind: 'weather', period: '1y', actor: 7, from: '2026-11-02' })).toEqual({});
  const days = { from: '2026-11-01', to: '2026-11-03' };
  expect(readAuditSearch({ period: '7d', actor: 'startup', ...days })).toEqual({ actor: 'startup', ...days });
});
