import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { journalFaults } from '../kit/journal-rules.ts';
import type { Effect } from './receiver.ts';

/*
 * Compares what a cluster acknowledged and did with its journals. These must agree, whatever was killed.
 */

/** A request that was acknowledged. */
export interface Acknowledged {
  /** What it was about; also its idempotency key. */
  readonly subject: string;
  readonly runId: string;
  /** The response body, if the caller waited for it. */
  readonly output?: unknown;
}

/** A run when nothing happens anymore. */
export interface RunAfter {
  readonly id: string;
  readonly status: string;
  readonly output: unknown;
  readonly events: readonly JournalEvent[];
}

export interface Observed {
  readonly acknowledged: readonly Acknowledged[];
  readonly effects: readonly Effect[];
  readonly runs: readonly RunAfter[];
  /** The output of a run about this. */
  readonly expected: (subject: string) => unknown;
}

/** Returns what contradicts the promises. Empty if they were kept. */
export function violations(observed: Observed): string[] {
  const byId = new Map(observed.runs.map((run) => [run.id, run]));
  return [...lostOrDoubled(observed, byId), ...observed.runs.flatMap(faultsOf), ...wrongOutputs(observed, byId), ...wrongEffects(observed, byId)];
}

function lostOrDoubled({ acknowledged, runs }: Observed, byId: ReadonlyMap<string, RunAfter>): string[] {
  const found: string[] = [];
  const runOf = new Map<string, string>();
  for (const { subject, runId } of acknowledged) {
    if (!byId.has(runId)) found.push(`${subject}: its run ${runId} is lost`);
    const earlier = runOf.get(subject);
    if (earlier !== undefined && earlier !== runId) found.push(`${subject}: two runs, ${earlier} and ${runId}`);
    runOf.set(subject, runId);
  }
  const known = new Set(runOf.values());
  for (const { id } of runs) if (!known.has(id)) found.push(`run ${id} belongs to no request`);
  return found;
}

const faultsOf = ({ id, status, events }: RunAfter): string[] => [
  ...(status === 'succeeded' ? [] : [`run ${id} is ${status}`]),
  ...journalFaults(events).map((fault) => `run ${id}: ${fault}`),
];

/** The output is the expected one, and the one that the caller was told. */
function wrongOutputs({ acknowledged, expected }: Observed, byId: ReadonlyMap<string, RunAfter>): string[] {
  return acknowledged.flatMap(({ subject, runId, output }) => {
    const run = byId.get(runId);
    if (!run) return [];
    const wanted = JSON.stringify(expected(subject));
    return [
      ...(JSON.stringify(run.output) === wanted ? [] : [`run ${runId}: output ${JSON.stringify(run.output)}`]),
      ...(output === undefined || JSON.stringify(output) === wanted ? [] : [`${subject}: the caller was told ${JSON.stringify(output)}`]),
    ];
  });
}

/** Each run sends its request at least once, again only after another process took it over, and always with the same key. */
function wrongEffects({ acknowledged, effects }: Observed, byId: ReadonlyMap<string, RunAfter>): string[] {
  const found: string[] = [];
  const runOf = new Map(acknowledged.map(({ subject, runId }) => [subject, runId]));
  const sent = Map.groupBy(effects, ({ subject }) => subject);
  for (const [subject, requests] of sent) {
    const run = byId.get(runOf.get(subject) ?? '');
    const keys = new Set(requests.map(({ key }) => key));
    if (!run) found.push(`${subject}: a request without a run`);
    if (keys.size > 1 || keys.has('')) found.push(`${subject}: ${keys.size} keys for one request`);
    const takeOvers = run?.events.filter(({ type }) => type === 'driver-changed').length ?? 0;
    if (requests.length > 1 + takeOvers) found.push(`${subject}: ${requests.length} requests, but ${takeOvers} changes of driver`);
  }
  for (const subject of runOf.keys()) if (!sent.has(subject)) found.push(`${subject}: no request was sent`);
  return found;
}
