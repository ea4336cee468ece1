import type { Evidence } from '@switchyard/shared/contracts/insight/evidence.ts';
import { describe, expect, test } from 'vitest';
import { type CommittedEvent, commitUnder, uncoveredEvent } from './commitments.ts';
import { rowHash, startHash } from './run-chain.ts';
import { sampleEvidence } from './sample-evidence.fixture.ts';
import { isFound, randomFrom, TAMPERINGS } from './tampering.fixture.ts';
import { verifyRun } from './verify-run.ts';

const sample = sampleEvidence(60);
const trust = { publicKeys: [sample.publicKey] };
const verdictOf = (value: unknown) => verifyRun(value, trust).verdict;
const altered = (changes: Partial<Evidence>): Evidence => ({ ...structuredClone(sample.evidence), ...changes });

test('accepts untouched evidence, also after it was written and read', () => {
  expect(verifyRun(sample.evidence, trust)).toEqual({ verdict: 'valid', problems: [] });
  expect(verdictOf(JSON.parse(JSON.stringify(sample.evidence, null, 2)))).toBe('valid');
});

describe.each(TAMPERINGS)('evidence with a change (%s)', (tampering) => {
  test('is invalid, whatever was changed', () => {
    const text = JSON.stringify(sample.evidence);
    const random = randomFrom(7);
    const missed = Array.from({ length: 40 }, (_, index) => index).filter(() => !isFound(sample, text, tampering, random));
    expect(missed).toEqual([]);
  });
});

test('names the row that was changed', () => {
  const changed = altered({});
  Object.assign(changed.journal?.[4]?.events[2] ?? {}, { output: { n: 1_000_000 } });
  expect(verifyRun(changed, trust).problems[0]).toMatchObject({ code: 'changed', where: 'events 21 to 25' });
});

test('is invalid if the chain was made new and signed with another key', () => {
  const rebuilt = sample.rebuilt(() => undefined);
  expect(verifyRun(rebuilt, {}).verdict).toBe('valid');
  expect(verifyRun(rebuilt, trust)).toMatchObject({ verdict: 'invalid', problems: [{ code: 'unknown-key' }] });
});

test('is invalid if a payload was removed by someone else than the installation', () => {
  const { journal, salt } = sample.evidence;
  const removed = altered({
    journal: (journal ?? []).map((row) => ({ ...row, events: row.events.map((event) => ({ ...uncoveredEvent(commitUnder(salt), event as never) })) })),
  });
  expect(verdictOf(removed)).toBe('invalid');
  const one = altered({});
  // The commitment of the real payload beside a changed one.
  const events = one.journal?.[1]?.events as unknown as CommittedEvent[];
  const commitment = uncoveredEvent(commitUnder(salt), events[0] as CommittedEvent).commitment;
  Object.assign(events[0] ?? {}, { input: { forged: true }, commitment });
  expect(verdictOf(one)).toBe('invalid');
});

test('is invalid for anything that is not evidence', () => {
  for (const value of [null, 7, 'text', [], {}, { format: 'switchyard/evidence@1' }, { ...sample.evidence, more: 1 }]) expect(verdictOf(value)).toBe('invalid');
});

test('keeps the hash of a row when its payloads are removed', () => {
  const { runId, input, journal, salt } = sample.evidence;
  const row = journal?.[0];
  const start = startHash(runId, commitUnder(salt), input as never);
  const events = (row?.events ?? []).map((event) => uncoveredEvent(commitUnder(salt), event as never, ([name]) => name === 'n'));
  expect(events.some(({ commitment }) => commitment !== undefined)).toBe(true);
  expect(rowHash(start, runId, undefined, { seq: 1, epoch: 1, events })).toBe(row?.hash);
  // Removing twice changes nothing, also when less is kept.
  expect(rowHash(start, runId, undefined, { seq: 1, epoch: 1, events: events.map((event) => uncoveredEvent(undefined, event)) })).toBe(row?.hash);
});
