import type { Slow, SlowKind, System, SystemProcess } from '@switchyard/shared/contracts/system.ts';
import { formatDuration, formatNumber } from '../ui/format.ts';

export const ROLE_LABELS: Readonly<Record<SystemProcess['role'], string>> = { all: 'Web and worker', web: 'Web', worker: 'Worker' };

export const STATE_LABELS: Readonly<Record<SystemProcess['state'], { readonly label: string; readonly title: string }>> = {
  live: { label: 'Live', title: 'Accepts work' },
  draining: { label: 'Draining', title: 'Finishes its runs and takes no new ones' },
  silent: { label: 'Silent', title: 'No heartbeat for 10 s. Other workers take over its runs.' },
};

export const DATABASE_LABELS: Readonly<Record<System['database']['kind'], string>> = { sqlite: 'SQLite', mongodb: 'MongoDB' };

export const SLOW_LABELS: Readonly<Record<SlowKind, string>> = {
  'event-loop': 'Event loop blocked',
  database: 'Database operation',
  'model-call': 'Model call',
  'http-call': 'HTTP call',
};

/** `host:pid`, unique among live processes. */
export const processName = ({ host, pid }: Pick<SystemProcess, 'host' | 'pid'>): string => `${host}:${pid}`;

/** `3 of 16 runs`, or `3 runs` without a limit. A process that drives none has `–`. */
export function loadWords({ role, driving, slots }: Pick<SystemProcess, 'role' | 'driving' | 'slots'>): string {
  if (role === 'web') return '–';
  if (slots === null) return `${formatNumber(driving)} ${driving === 1 ? 'run' : 'runs'}`;
  return `${formatNumber(driving)} of ${formatNumber(slots)} runs`;
}

/** The versions of processes, if they differ. */
export function mixedVersions(processes: readonly SystemProcess[]): string | undefined {
  const versions = [...new Set(processes.filter(({ state }) => state !== 'silent').map(({ version }) => version))].sort();
  return versions.length > 1 ? `${versions.slice(0, -1).join(', ')} and ${versions.at(-1)}` : undefined;
}

/** Whether a process can start runs. */
export const hasWorker = (processes: readonly Pick<SystemProcess, 'role' | 'state'>[]): boolean =>
  processes.some(({ role, state }) => role !== 'web' && state === 'live');

export function silentWords(silent: number, hasOthers: boolean): string {
  const [who, whose] = silent === 1 ? ['A process has', 'its'] : [`${formatNumber(silent)} processes have`, 'their'];
  return `${who} sent no heartbeat for 10 s.${hasOthers ? ` Other workers take over ${whose} runs.` : ''}`;
}

/** The detail after the kind: the operation, model, or node, or the step that started last. */
export function slowWords({ kind, what }: Pick<Slow, 'kind' | 'what'>): string {
  if (kind !== 'event-loop' || what === '') return what;
  return what === '(loading)' ? 'while a run was loaded' : `after ${what} started`;
}

/** `< 1 ms`, `12 ms`. */
export const latencyWords = (ms: number): string => (ms < 1 ? '< 1 ms' : formatDuration(ms));
