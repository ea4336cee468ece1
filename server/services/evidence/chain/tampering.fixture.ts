import { isDeepStrictEqual } from 'node:util';
import type { Evidence } from '@switchyard/shared/contracts/insight/evidence.ts';
import type { SampleEvidence } from './sample-evidence.fixture.ts';
import { verifyRun } from './verify-run.ts';

/** What is done to evidence. */
export const TAMPERINGS = ['byte', 'row', 'tail', 'rebuilt'] as const;
export type Tampering = (typeof TAMPERINGS)[number];

/** Numbers in [0, 1) that depend only on the seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Tampers with evidence once, and tells whether the verification finds it. */
export function isFound({ evidence, publicKey, rebuilt }: SampleEvidence, text: string, tampering: Tampering, random: () => number): boolean {
  const trust = { publicKeys: [publicKey] };
  if (tampering === 'byte') return isByteFound(text, random, trust);
  return verifyRun(tampering === 'rebuilt' ? rebuilt(changeOne(random)) : cut(evidence, tampering, random), trust).verdict === 'invalid';
}

function cut(evidence: Evidence, tampering: 'row' | 'tail', random: () => number): Evidence {
  const rows = evidence.journal ?? [];
  const at = Math.floor(random() * (rows.length - 1));
  if (tampering === 'row') return { ...evidence, journal: rows.toSpliced(at, 1) };
  const journal = rows.slice(0, at + 1);
  // Half of them also move the head, as a careful forger would.
  const last = journal.at(-1);
  const head = random() < 0.5 && last ? { seq: last.seq + last.events.length - 1, hash: last.hash, ended: true } : evidence.head;
  return { ...evidence, journal, head };
}

const changeOne =
  (random: () => number) =>
  (evidence: Evidence): void => {
    const rows = evidence.journal ?? [];
    const event = rows[Math.floor(random() * rows.length)]?.events[0];
    if (event) Object.assign(event, { at: '2026-03-02T12:00:00.000Z' });
  };

/** Changes a single character. One that leaves the JSON the same, such as the case of an escape, is drawn again. */
function isByteFound(text: string, random: () => number, trust: { readonly publicKeys: readonly string[] }): boolean {
  for (;;) {
    const at = Math.floor(random() * text.length);
    const character = String.fromCharCode(32 + Math.floor(random() * 95));
    const changed = text.slice(0, at) + character + text.slice(at + 1);
    let value: unknown;
    try {
      value = JSON.parse(changed);
    } catch {
      // No JSON anymore.
      return true;
    }
    if (!isDeepStrictEqual(value, JSON.parse(text))) return verifyRun(value, trust).verdict === 'invalid';
  }
}
