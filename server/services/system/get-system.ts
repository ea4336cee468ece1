import type { ProcessActivity, System, SystemProcess } from '@switchyard/shared/contracts/system.ts';
import { toAppError } from '@switchyard/shared/errors.ts';
import { isoTime } from '@switchyard/shared/iso-time.ts';
import { sumRefused } from './refusals.ts';
import { longestOfEach } from './slow-work.ts';

/** A process, and what it reports about itself. `activity` is null until its first report. */
export interface ProcessView extends Omit<SystemProcess, 'answered' | 'memoryBytes' | 'lagMs'> {
  readonly activity: ProcessActivity | null;
}

export interface SystemSource {
  /** This process. */
  readonly self: () => ProcessView;
  /** The other processes of the installation. Rejects while the database is away. */
  readonly others: () => Promise<readonly ProcessView[]>;
  readonly database: { readonly kind: System['database']['kind']; readonly ready: () => Promise<void> };
  readonly redis: () => System['redis'];
  readonly now: () => Date;
  /** Monotonic, in ms. */
  readonly elapsed: () => number;
}

export async function getSystem(source: SystemSource): Promise<System> {
  const database = await databaseState(source);
  const others = database.state === 'connected' ? await source.others().catch(() => []) : [];
  const views = [source.self(), ...others.toSorted(byName)];
  return {
    at: isoTime(source.now().getTime()),
    processes: views.map(({ activity, ...view }, index) => ({
      ...view,
      memoryBytes: activity?.memoryBytes ?? null,
      lagMs: activity?.lagMs ?? null,
      answered: index === 0,
    })),
    database,
    redis: source.redis(),
    refused: sumRefused(views.flatMap(({ activity }) => activity?.refused ?? [])),
    slow: longestOfEach(views.flatMap(({ id, activity }) => (activity?.slow ?? []).map((work) => ({ ...work, processId: id })))),
  };
}

const byName = (a: ProcessView, b: ProcessView): number => a.host.localeCompare(b.host) || a.pid - b.pid;

/** A database that takes longer counts as away. */
const READY_MS = 2_000;

async function databaseState({ database: { kind, ready }, elapsed }: SystemSource): Promise<System['database']> {
  const began = elapsed();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('The database did not respond within 2 s.')), READY_MS);
  try {
    await Promise.race([ready(), late.promise]);
    return { kind, state: 'connected', latencyMs: Math.round((elapsed() - began) * 100) / 100, problem: null };
  } catch (thrown) {
    return { kind, state: 'away', latencyMs: null, problem: toAppError(thrown).message };
  } finally {
    clearTimeout(timer);
  }
}
