import type { Evidence, EvidenceRow } from '@switchyard/shared/contracts/insight/evidence.ts';
import type { RunEvent } from '@switchyard/shared/run/events.ts';
import { commitUnder } from './commitments.ts';
import { FORMAT, lastSeq, type RunStatement, remainsHash, rowHash, startHash } from './run-chain.ts';
import { keyStatement, newKeyPair, signWith } from './signatures.ts';

const at = '2026-03-01T12:00:00.000Z';

/** Evidence of a made-up run, and the key that signed it. */
export interface SampleEvidence {
  readonly evidence: Evidence;
  readonly publicKey: string;
  /** Makes the chain new and signs it with a key of its own, as someone without the key would. */
  rebuilt(change: (evidence: Evidence) => void): Evidence;
}

/** A run of so many events, five to a row. */
export function sampleEvidence(events: number): SampleEvidence {
  const runId = 'run_sample';
  const input = { kind: 'webhook', body: { n: 20, email: 'jane@example.com', note: 'grüße 😀' }, headers: { 'user-agent': 'curl' } };
  const steps = Array.from({ length: events - 2 }, (_, index) => stepEvent(index));
  const all: RunEvent[] = [
    { type: 'run-started', at, workflowId: 'wf_sample', version: 3, trigger: 'webhook', labels: { tenant: 'acme' }, graphHash: 'ab12' },
    ...steps,
    { type: 'run-finished', at, status: 'succeeded' },
  ];
  const bare: Omit<EvidenceRow, 'hash'>[] = [];
  for (let start = 0; start < all.length; start += 5) {
    bare.push({ seq: start + 1, epoch: 1 + Math.floor(start / 500), events: all.slice(start, start + 5) as unknown as EvidenceRow['events'] });
  }
  const pair = newKeyPair();
  const evidence = chained({ runId, salt: 'c2FsdHNhbHRzYWx0c2FsdA', input, rows: bare }, pair);
  return {
    evidence,
    publicKey: pair.publicKey,
    rebuilt: (change) => {
      const copy = structuredClone(evidence);
      change(copy);
      return chained({ runId, salt: copy.salt ?? '', input: copy.input ?? {}, rows: copy.journal ?? [] }, newKeyPair());
    },
  };
}

interface Bare {
  readonly runId: string;
  readonly salt: string;
  readonly input: Record<string, unknown>;
  readonly rows: readonly Omit<EvidenceRow, 'hash'>[];
}

function chained({ runId, salt, input, rows }: Bare, { publicKey, secret }: ReturnType<typeof newKeyPair>): Evidence {
  let previous = startHash(runId, commitUnder(salt), input as never);
  const journal = rows.map(({ seq, epoch, events }): EvidenceRow => {
    previous = rowHash(previous, runId, commitUnder(salt), { seq, epoch, events: events as never });
    return { seq, epoch, events, hash: previous };
  });
  const head = { seq: lastSeq(journal), hash: previous, ended: true };
  const statement: RunStatement = { format: FORMAT, runId, seq: head.seq, head: head.hash, ended: true, remains: remainsHash(input as never, journal) };
  const key = { number: 1, publicKey, createdAt: at, previous: null };
  const keys = [{ ...key, signature: signWith(secret, keyStatement(key)), endorsement: null }];
  return { format: FORMAT, runId, salt, input, journal, head, signature: { key: 1, value: signWith(secret, statement) }, keys, problems: [] };
}

function stepEvent(index: number): RunEvent {
  const stepId = `step_${index >> 1}#1`;
  return index % 2 === 0
    ? {
        type: 'step-started',
        at,
        stepId,
        nodeKey: `step_${index >> 1}`,
        nodeType: 'transform',
        round: 1,
        attempt: 1,
        effect: 'pure',
        input: { fields: [{ name: 'n', value: index, text: 'the quick brown fox' }] },
      }
    : { type: 'step-finished', at, stepId, output: { n: index * 1.5, ok: true, list: [1, 2, 3] }, port: null };
}
