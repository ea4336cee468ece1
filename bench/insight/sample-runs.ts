import { DEFAULT_WORKSPACE, type RunRecord, runs } from '@switchyard/server/store/collections.ts';
import type { WorkspaceStore } from '@switchyard/server/store/port.ts';
import { NO_FACTS, packFacts, type RunFacts } from '@switchyard/shared/run/facts/run-facts.ts';

/* Ended live runs of the last 28 days, as a busy installation has them: the same for the same seed. */

const DAY_MS = 86_400_000;
const DAYS = 28;

/** Numbers from 0 to 1 (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const REVIEWERS = ['Mira', 'Jonas', 'Cleo', 'Ada', 'Noor'];

function factsOf(random: () => number): Partial<RunFacts> {
  const isFallback = random() < 0.015;
  const served = [{ target: isFallback ? 'Backup/small-2' : 'Main/large-1', calls: 2, fallbacks: isFallback ? 1 : 0, costMicros: 400 + random() * 300 }];
  const exceptions = [
    ...(isFallback ? [{ nodeKey: 'draft', port: 'fallback', count: 1, code: 'provider-timeout' as const }] : []),
    ...(random() < 0.03 ? [{ nodeKey: 'classify', port: 'unsure', count: 1 }] : []),
    ...(random() < 0.008 ? [{ nodeKey: 'orders', port: 'error', count: 1, code: 'unexpected-status' as const }] : []),
  ];
  const base = { served, exceptions, fallbackServed: isFallback ? 1 : 0 };
  if (random() > 0.05) return base;
  const ms = Math.round(60_000 + random() * 240_000);
  const by = REVIEWERS[Math.floor(random() * REVIEWERS.length)] ?? 'Mira';
  const [changed, overrides] = [random() < 0.13, random() < 0.04];
  return {
    ...base,
    reviewsOpened: 1,
    reviewsDecided: 1,
    reviewsChanged: changed ? 1 : 0,
    asked: 1,
    overrides: overrides ? 1 : 0,
    peopleMs: ms,
    reviews: [{ nodeKey: 'check', by, ms, changed, overrides }],
  };
}

/** `count` runs that ended in the 28 days before `now`, oldest first. `workflows`: their IDs. */
export function* sampleRuns(count: number, now: Date, workflows: readonly string[], seed = 7): Generator<RunRecord> {
  const random = randomFrom(seed);
  const first = Math.floor(now.getTime() / DAY_MS - DAYS + 1) * DAY_MS;
  for (let index = 0; index < count; index++) {
    const accepted = first + ((now.getTime() - first) * (index + random())) / count;
    const said = factsOf(random);
    const day = Math.floor((accepted - first) / DAY_MS);
    const hasFailed = random() < (day === 24 ? 0.06 : 0.006);
    const endedAt = new Date(accepted + 1_200 + random() ** 3 * 5_000 + (said.peopleMs ?? 0)).toISOString();
    const version = day < 6 ? 6 : 7;
    const id = `run_${accepted.toString(36)}_${index}`;
    const facts = packFacts({ ...NO_FACTS, ...said });
    yield {
      id,
      workspaceId: DEFAULT_WORKSPACE,
      workflowId: workflows[index % workflows.length] ?? '',
      workflowName: 'Support',
      version,
      versionText: String(version),
      graphHash: '',
      trigger: 'webhook',
      triggerData: { kind: 'webhook', body: { message: 'Where is my parcel?' } },
      labels: { tenant: `tenant-${index % 12}` },
      tenant: `tenant-${index % 12}`,
      status: hasFailed ? 'failed' : 'succeeded',
      output: { text: 'It is on its way.' },
      error: null,
      createdAt: new Date(accepted).toISOString(),
      startedAt: new Date(accepted).toISOString(),
      endedAt,
      usage: { inputTokens: 400, outputTokens: 120 },
      costMicros: (day < 22 ? 700 : 520) + random() * 80,
      demo: false,
      seq: 9,
      wakeAt: null,
      rerunOf: null,
      rerunFrom: null,
      statusToken: id,
      idempotencyKey: null,
      bodyHash: null,
      actor: { kind: 'trigger', id: 'webhook' },
      unrolled: endedAt,
      ...(facts !== undefined && { facts }),
    };
  }
}

/** Inserts them, a few hundred in each commit. */
export async function insertSampleRuns(store: WorkspaceStore, records: Iterable<RunRecord>): Promise<void> {
  let batch: RunRecord[] = [];
  const write = async () => {
    await Promise.all(batch.map((record) => store.insert(runs, record)));
    batch = [];
  };
  for (const record of records) {
    batch.push(record);
    if (batch.length === 500) await write();
  }
  await write();
}
