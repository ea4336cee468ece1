import { expect, test } from 'vitest';
import { EVENT_VERSION } from './event-versions.ts';
import type { JournalEvent, RunEvent } from './events.ts';
import { eventsInRow } from './upcast.ts';

const read = (actor: object | undefined): JournalEvent | undefined => {
  const event = { type: 'cancel-requested', at: '2026-01-01T00:00:00.000Z', ...(actor && { actor }) } as RunEvent;
  return eventsInRow({ seq: 7, v: EVENT_VERSION, events: [event] })[0];
};

test.each([
  [{ kind: 'owner' }, { kind: 'user', id: 'owner' }],
  [
    { kind: 'owner', id: 'Ada' },
    { kind: 'user', id: 'Ada' },
  ],
  [{ kind: 'trigger' }, { kind: 'trigger', id: 'webhook' }],
  [{ kind: 'system' }, { kind: 'system', id: 'timer' }],
  [
    { kind: 'token', id: 'tok_1' },
    { kind: 'token', id: 'tok_1' },
  ],
  [
    { kind: 'user', id: 'owner' },
    { kind: 'user', id: 'owner' },
  ],
])('an event by %j reads as done by %j', (actor, expected) => {
  expect(read(actor)?.actor).toEqual(expected);
});

test('an event without an actor has none', () => {
  expect(read(undefined)).not.toHaveProperty('actor');
});
