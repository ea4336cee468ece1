import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { type RouteSettings, type RouteTarget, routeSettingsSchema, type updateRoute } from '@switchyard/shared/contracts/routes.ts';
import { mistakeInRouteExpression } from '@switchyard/shared/model/route-expression.ts';
import { sameJson } from '@switchyard/shared/same-json.ts';
import { z } from 'zod';
import { type NumberedTarget, numbered, typedTargetSchema } from '../numbered-targets.ts';

/** The settings of a route while they are edited. A target keeps its key when it moves. */
export interface RouteContent extends Omit<RouteSettings, 'targets'> {
  readonly targets: readonly NumberedTarget[];
}

/** The settings of a version. The keys of its targets are their positions. */
export const contentOf = ({ description, targets, order, stickyKey, onBrokenStream, cacheTtlMs, fallbackWarningMs }: RouteSettings): RouteContent => ({
  description,
  targets: targets.map((target, index) => ({ key: String(index), target })),
  order,
  stickyKey,
  onBrokenStream,
  cacheTtlMs,
  fallbackWarningMs,
});

const keptContent = routeSettingsSchema.extend({ targets: z.array(z.object({ key: z.string(), target: typedTargetSchema })) });
const kept = z.object({ base: z.number(), start: keptContent, content: keptContent });

/** Edits as they are stored in the browser: what they started from, and what became of it. */
export interface KeptEdits {
  readonly base: number;
  readonly start: RouteContent;
  readonly content: RouteContent;
}

/** Reads stored edits. Undefined if there are none. */
export function readEdits(text: string | undefined): KeptEdits | undefined {
  if (text === undefined) return undefined;
  try {
    return kept.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const SETTINGS = {
  description: 'description',
  stickyKey: 'sticky key',
  onBrokenStream: 'broken responses',
  cacheTtlMs: 'response cache',
  fallbackWarningMs: 'fallback warning',
} as const;

const TARGET_FIELDS: readonly (readonly [string, (target: RouteTarget) => unknown])[] = [
  ['connection', ({ connectionId }) => connectionId],
  ['model', ({ model }) => model],
  ['weight', ({ weight }) => weight],
  ['condition', ({ when }) => when],
  ['first text', ({ firstTokenMs }) => firstTokenMs],
  ['silence', ({ silenceMs }) => silenceMs],
  ['timeout', ({ timeoutMs }) => timeoutMs],
  ['queue', ({ queueTimeoutMs }) => queueTimeoutMs],
  ['retries', ({ retries }) => retries],
  ['temperature', ({ parameters }) => parameters?.temperature],
  ['max tokens', ({ parameters }) => parameters?.maxTokens],
];

/** What differs between two contents, one label per change. */
export function changesBetween(start: RouteContent, content: RouteContent): string[] {
  const known = new Map(start.targets.map(({ key, target }) => [key, target]));
  const left = new Set(content.targets.map(({ key }) => key));
  const keysIn = (targets: readonly NumberedTarget[], other: (key: string) => boolean) => targets.map(({ key }) => key).filter(other);
  return [
    ...Object.entries(SETTINGS).flatMap(([name, label]) => {
      const field = name as keyof typeof SETTINGS;
      return start[field] === content[field] ? [] : [label];
    }),
    ...content.targets.flatMap(({ key, target }) => {
      const before = known.get(key);
      const name = target.model || 'a new target';
      if (!before) return [`${name} added`];
      return TARGET_FIELDS.filter(([, value]) => value(before) !== value(target)).map(([label]) => `${label} of ${name}`);
    }),
    ...start.targets.filter(({ key }) => !left.has(key)).map(({ target }) => `${target.model} removed`),
    ...(sameJson(
      keysIn(start.targets, (key) => left.has(key)),
      keysIn(content.targets, (key) => known.has(key)),
    )
      ? []
      : ['order of targets']),
  ];
}

/** Why the content can’t be saved yet, by the paths that the server uses: `targets.0.when`. */
export function problemsOf({ targets, stickyKey }: RouteContent): ReadonlyMap<string, string> {
  const problems = new Map<string, string>();
  const checkExpression = (path: string, source: string | null | undefined) => {
    const mistake = source == null ? undefined : mistakeInRouteExpression(source);
    if (mistake) problems.set(path, mistake.message);
  };
  checkExpression('stickyKey', stickyKey);
  for (const [index, { target }] of targets.entries()) {
    if (target.connectionId === '') problems.set(`targets.${index}.connectionId`, 'Choose a connection.');
    if (target.model.trim() === '') problems.set(`targets.${index}.model`, 'Choose a model.');
    checkExpression(`targets.${index}.when`, target.when);
  }
  if (isShared(targets) && targets.every(({ target }) => !target.weight)) problems.set('targets', 'At least one weight must be above 0.');
  return problems;
}

/** The content as the API accepts it. */
export const sendable = ({ targets, ...settings }: RouteContent): Omit<BodyOf<typeof updateRoute>, 'version' | 'reason'> => ({
  ...settings,
  description: settings.description.trim(),
  targets: targets.map(({ target }) => target),
});

const isShared = (targets: readonly NumberedTarget[]): boolean => targets.some(({ target }) => target.weight !== undefined);

/** Whether targets share calls by weight follows from their weights. */
const withTargets = (content: RouteContent, targets: readonly NumberedTarget[]): RouteContent => ({
  ...content,
  targets,
  order: isShared(targets) ? 'weights' : 'sequence',
});

/** Changes fields of a target. A field that is set to undefined is removed. */
export function withTarget(
  content: RouteContent,
  key: string,
  changes: { readonly [field in keyof RouteTarget]?: RouteTarget[field] | undefined },
): RouteContent {
  const change = (target: RouteTarget): RouteTarget =>
    Object.fromEntries(Object.entries({ ...target, ...changes }).filter(([, value]) => value !== undefined)) as RouteTarget;
  return withTargets(
    content,
    content.targets.map((other) => (other.key === key ? { key, target: change(other.target) } : other)),
  );
}

/** Adds a target at the end, as the last fallback. */
export const withNewTarget = (content: RouteContent, target: RouteTarget): RouteContent => withTargets(content, [...content.targets, numbered(target)]);

export const withoutTarget = (content: RouteContent, key: string): RouteContent =>
  withTargets(
    content,
    content.targets.filter((other) => other.key !== key),
  );

/** Moves a target to another position. Positions beyond the ends change nothing. */
export function withMovedTarget(content: RouteContent, key: string, to: number): RouteContent {
  const from = content.targets.findIndex((other) => other.key === key);
  if (from < 0 || to < 0 || to >= content.targets.length) return content;
  const targets = [...content.targets];
  targets.splice(to, 0, ...targets.splice(from, 1));
  return { ...content, targets };
}

/**
 * The edits on top of a newer version: each setting that was edited keeps its edit, the others are those of the newer version. The targets
 * count as one setting.
 */
export function rebased({ start, content }: Omit<KeptEdits, 'base'>, latest: RouteContent): RouteContent {
  const isEdited = (field: keyof RouteContent): boolean => !sameJson(start[field], content[field]);
  const settings = Object.keys(latest).filter((field) => isEdited(field as keyof RouteContent) && field !== 'targets' && field !== 'order');
  const merged = { ...latest, ...Object.fromEntries(settings.map((field) => [field, content[field as keyof RouteContent]])) };
  return isEdited('targets') ? withTargets(merged, rekeyed(content.targets, latest.targets)) : merged;
}

/** The targets with the keys of those in `latest` with the same connection and model. */
function rekeyed(targets: readonly NumberedTarget[], latest: readonly NumberedTarget[]): NumberedTarget[] {
  const free = [...latest];
  return targets.map(({ target }) => {
    const at = free.findIndex((other) => other.target.connectionId === target.connectionId && other.target.model === target.model);
    const [same] = at < 0 ? [] : free.splice(at, 1);
    return same ? { key: same.key, target } : numbered(target);
  });
}
