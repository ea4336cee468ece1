import { type RouteTarget, routeTargetSchema } from '@switchyard/shared/contracts/routes.ts';
import { z } from 'zod';
import { formatDuration } from '../ui/format.ts';

/* The targets of a route, as the audit trail shows them: their order, then each setting as a separate field. */

const schema = z.array(routeTargetSchema);

/** Undefined if these are not targets of a route. */
export const routeTargets = (value: unknown): readonly RouteTarget[] | undefined => schema.safeParse(value).data;

const SETTINGS: readonly (readonly [label: string, text: (target: RouteTarget) => string | undefined])[] = [
  ['only when', ({ when }) => when],
  ['weight', ({ weight }) => weight?.toString()],
  ['first text within', ({ firstTokenMs }) => time(firstTokenMs)],
  ['max silence', ({ silenceMs }) => time(silenceMs)],
  ['timeout', ({ timeoutMs }) => time(timeoutMs)],
  ['max wait in queue', ({ queueTimeoutMs }) => time(queueTimeoutMs)],
  ['retries', ({ retries }) => retries?.toString()],
  ['temperature', ({ parameters }) => parameters?.temperature?.toString()],
  ['max tokens', ({ parameters }) => parameters?.maxTokens?.toLocaleString('en')],
];
const time = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : formatDuration(ms));

interface TargetField {
  readonly path: string;
  readonly label: string;
  readonly text: string;
  /** The target of a setting. */
  readonly target?: string;
}

/** The names of targets: model and connection, numbered if they are the same. */
export function targetNames(targets: readonly RouteTarget[], connections: ReadonlyMap<string, string>): string[] {
  const seen = new Map<string, number>();
  return targets.map(({ model, connectionId }) => {
    const name = `${model} (${connections.get(connectionId) ?? connectionId})`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} #${count}`;
  });
}

/** A target is identified by its name, so a change of order doesn’t change its settings. Their labels have its place. */
export function targetFields(targets: readonly RouteTarget[], connections: ReadonlyMap<string, string>): TargetField[] {
  const names = targetNames(targets, connections);
  const settings = targets.flatMap((target, index) =>
    SETTINGS.flatMap(([label, textOf]) => {
      const text = textOf(target);
      const name = names[index] ?? '';
      return text === undefined ? [] : [{ path: `targets ${name} ${label}`, label: `target ${index + 1} ${label}`, text, target: name }];
    }),
  );
  return [{ path: 'targets', label: 'targets', text: names.map((name, index) => `${index + 1}. ${name}`).join(', ') }, ...settings];
}
