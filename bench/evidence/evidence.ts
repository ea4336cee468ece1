import { sampleEvidence } from '@switchyard/server/services/evidence/chain/sample-evidence.fixture.ts';
import { isFound, randomFrom, TAMPERINGS } from '@switchyard/server/services/evidence/chain/tampering.fixture.ts';
import { verifyRun } from '@switchyard/server/services/evidence/chain/verify-run.ts';
import { type Figure, median, reachingGoal, underLimit } from '../figure.ts';

const EVENTS = 1_000;
const PASSES = 15;
const CHANGES = 10_000;
/** Events of the run that is tampered with: large enough for every kind of event, small enough to verify 10,000 times. */
const TAMPERED_EVENTS = 60;
const SEED = 89;

/** What it takes to verify a run of 1,000 events, and how many of 10,000 changes to evidence are found: bytes, rows, tails, rebuilt chains. */
export async function evidence(): Promise<Figure[]> {
  const large = sampleEvidence(EVENTS);
  const trust = { publicKeys: [large.publicKey] };
  const text = JSON.stringify(large.evidence);
  const times = Array.from({ length: PASSES }, () => {
    const before = process.cpuUsage();
    const { verdict } = verifyRun(JSON.parse(text), trust);
    if (verdict !== 'valid') throw new Error('Untouched evidence was not valid.');
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  const small = sampleEvidence(TAMPERED_EVENTS);
  const smallText = JSON.stringify(small.evidence);
  const random = randomFrom(SEED);
  let found = 0;
  for (let count = 0; count < CHANGES; count++) {
    const tampering = TAMPERINGS[count % TAMPERINGS.length] ?? 'byte';
    if (isFound(small, smallText, tampering, random)) found++;
    else process.stderr.write(`  change ${count} (${tampering}, seed ${SEED}) was not found\n`);
  }
  return [
    underLimit('evidence-verify', 'ms of processor time', { value: median(times), goal: 50 }),
    reachingGoal('evidence-found', `of ${CHANGES.toLocaleString('en')} changes`, { value: found, goal: CHANGES }),
  ];
}
