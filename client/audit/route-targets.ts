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
  readonly field: string;
  readonly name: string;
  readonly text: string;
}

/** A target is identified by its model and connection, so a change of order doesn’t change its settings. */
export function targetFields(targets: readonly RouteTarget[], connections: ReadonlyMap<string, string>): TargetField[] {
  const seen = new Map<string, number>();
  const named = targets.map((target) => {
    const name = `${target.model} (${connections.get(target.connectionId) ?? target.connectionId})`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return { target, name: count === 1 ? name : `${name} #${count}` };
  });
  const order = named.map(({ name }, index) => `${index + 1}. ${name}`).join(', ');
  const settings = named.flatMap(({ target, name }) =>
    SETTINGS.flatMap(([label, text]) => {
      const shown = text(target);
      return shown === undefined ? [] : [{ field: `targets ${name} ${label}`, name: `${name} ${label}`, text: shown }];
    }),
  );
  return [{ field: 'targets', name: 'targets', text: order }, ...settings];
}
