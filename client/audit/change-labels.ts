import type { Change } from '@switchyard/shared/contracts/changes.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { formatDuration } from '../ui/format.ts';
import { routeTargets, targetFields, targetNames } from './route-targets.ts';

/* Changes of the audit trail in words. */

export type SubjectKind = Change['subject']['kind'];

export const KIND_LABELS: Readonly<Record<SubjectKind, string>> = {
  prompt: 'Prompt',
  route: 'Route',
  policy: 'Policy',
  budget: 'Budget',
  price: 'Price',
  release: 'Release',
  'kill-switch': 'Kill switch',
  queue: 'Queue',
  connection: 'Connection',
  run: 'Failed runs',
  alert: 'Alert',
  'alert-rule': 'Alert rule',
  restore: 'Restore',
  trigger: 'Trigger',
  'signing-key': 'Signing key',
  'head-receiver': 'Receiver of daily heads',
  erasure: 'Erasure',
  authority: 'Authority',
};

const ACTION_LABELS: Readonly<Record<string, string>> = {
  create: 'created',
  update: 'changed',
  delete: 'deleted',
  undelete: 'restored',
  'create-version': 'new version',
  restore: 'version restored',
  'follow-connections': 'follows a new connection',
  'move-label': 'moved',
  'delete-label': 'removed',
  'rerun-failed': 'rerun',
  release: 'held runs released',
  'create-secret': 'new signing secret',
  'replace-secret': 'secret replaced',
  'sign-in': 'sign-in changed',
  widen: 'less review',
  narrow: 'more review',
};

/** What happened to the release of a workflow. */
const RELEASE_LABELS: Readonly<Record<string, string>> = {
  publish: 'published',
  release: 'started',
  promote: 'promoted',
  rollback: 'rolled back',
  settings: 'rules changed',
  shadow: 'shadow changed',
  'remove-gate': 'gate removed',
};

/** “changed”, “label production moved”, or the action as the API names it. */
export function actionLabel({ subject, action, before, after }: Pick<Change, 'subject' | 'action' | 'before' | 'after'>): string {
  const words = (subject.kind === 'release' ? RELEASE_LABELS : ACTION_LABELS)[action] ?? ACTION_LABELS[action] ?? action.replaceAll('-', ' ');
  if (action !== 'move-label' && action !== 'delete-label') return words;
  const label = [after, before].map((value) => (isPlainObject(value) ? value.label : undefined)).find((value) => typeof value === 'string');
  return typeof label === 'string' ? `label ${label} ${words}` : `label ${words}`;
}

/** The name of the changed object: of a budget or a kill switch if it has one, otherwise its ID. */
export function subjectName({ subject, before, after }: Pick<Change, 'subject' | 'before' | 'after'>): string {
  const shown = isPlainObject(after) ? after : isPlainObject(before) ? before : {};
  const scope = isPlainObject(shown.scope) ? shown.scope : {};
  const names = [shown.name, scope.name, scope.id, scope.kind === 'workspace' ? 'Everything' : undefined, scope.kind && `Each ${String(scope.kind)}`];
  const name = names.find((candidate) => typeof candidate === 'string' && candidate !== '');
  return typeof name === 'string' ? name : subject.id;
}

/** One field that a change set, removed, or replaced. Undefined: the field was or is missing. */
export interface FieldChange {
  readonly field: string;
  /** The field in words. */
  readonly label: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Fields that change with everything, or that the row shows anyway. */
const LEFT_OUT = new Set(['id', 'updatedAt', 'createdAt', 'revision', 'actor', 'reason', 'builtIn', 'at']);
const MOST_FIELDS = 30;
const MOST_TEXT = 400;

interface Field {
  readonly path: string;
  readonly label: string;
  readonly text: string;
  /** The target of a route that it belongs to. */
  readonly target?: string;
}

/**
 * The fields that differ, by path: `softMicros`, `scope.kind`. Lists of texts are compared as a whole. At most 30. `connections` has the
 * names of connections by ID.
 */
export function fieldChanges({ before, after }: Pick<Change, 'before' | 'after'>, connections: ReadonlyMap<string, string> = new Map()): FieldChange[] {
  const byPath = (value: unknown) => new Map(fieldsOf(value, '', connections).map((field) => [field.path, field]));
  const [old, next] = [byPath(before), byPath(after)];
  const targets = new Set(targetNames((isPlainObject(after) && routeTargets(after.targets)) || [], connections));
  return (
    [...new Map([...old, ...next]).values()]
      .filter(({ path }) => old.get(path)?.text !== next.get(path)?.text)
      // The list of targets says that one was removed.
      .filter(({ target }) => after === null || target === undefined || targets.has(target))
      .slice(0, MOST_FIELDS)
      .map(({ path, label }) => ({ field: path, label, before: old.get(path)?.text, after: next.get(path)?.text }))
  );
}

function fieldsOf(value: unknown, path: string, connections: ReadonlyMap<string, string>): Field[] {
  if (value === null || value === undefined) return [];
  const field = ([at, text]: readonly [string, string]): Field => ({ path: at, label: fieldLabel(at), text });
  if (Array.isArray(value) && value.length > 0) {
    if (value.every(isDetectorRule)) return value.map((rule) => field(ruleField(rule, path)));
    if (value.every(isPromptLabel)) return value.map(({ label, version }) => field([`${path}.${label}`, `v${version}`]));
    const targets = path === 'targets' ? routeTargets(value) : undefined;
    if (targets) return targetFields(targets, connections);
    if (value.every(isPlainObject)) return value.flatMap((item, index) => fieldsOf(item, `${path}.${index + 1}`, connections));
  }
  if (!isPlainObject(value)) return [field([path === '' ? 'value' : path, textOf(value, path)])];
  return Object.entries(value).flatMap(([name, inner]) => (LEFT_OUT.has(name) ? [] : fieldsOf(inner, path === '' ? name : `${path}.${name}`, connections)));
}

const isDetectorRule = (value: unknown): value is Readonly<Record<string, unknown>> => isPlainObject(value) && typeof value.detector === 'string';

const isPromptLabel = (value: unknown): value is { readonly label: string; readonly version: number } =>
  isPlainObject(value) && typeof value.label === 'string' && typeof value.version === 'number';

/** A detector of a policy as a field of its own: `redaction.card` is `mask, keep 4`. */
function ruleField({ detector, name, pattern, fields, action, keepLast }: Readonly<Record<string, unknown>>, path: string): [string, string] {
  if (Array.isArray(fields)) return [`${path}.fields.${String(action)}`, fields.join(', ')];
  const kept = typeof keepLast === 'number' && keepLast > 0 ? `, keep ${keepLast}` : '';
  const what = typeof pattern === 'string' ? `: ${pattern}` : '';
  return [`${path}.${String(name ?? detector)}`, `${String(action)}${kept}${what}`];
}

const PRICE = /(^|\.)(input|output|cachedInput|cacheWrite)$/;
const dollars = (amount: number): string =>
  `$${amount.toLocaleString('en', { minimumFractionDigits: Number.isInteger(amount) ? 0 : 2, maximumFractionDigits: 6 })}`;

function textOf(value: unknown, path: string): string {
  if (typeof value === 'number' && path.endsWith('Ms')) return formatDuration(value);
  if (typeof value === 'number' && path.endsWith('Micros')) return dollars(value / 1_000_000);
  // Micro-dollars per token are dollars per million tokens.
  if (typeof value === 'number' && PRICE.test(path)) return `${dollars(value)} per million tokens`;
  const text = typeof value === 'string' ? value : Array.isArray(value) ? listText(value) : JSON.stringify(value);
  return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text;
}

const listText = (items: readonly unknown[]): string =>
  items.length === 0 ? 'none' : items.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))).join(', ');

const FIELD_LABELS: Readonly<Record<string, string>> = {
  softMicros: 'soft limit',
  hardMicros: 'hard limit',
  onSoft: 'at soft limit',
  onHard: 'at hard limit',
  'scope.kind': 'scope',
  'scope.id': 'scope ID',
  baseUrl: 'base URL',
  apiVersion: 'API version',
  'auth.scheme': 'authentication',
  onBrokenStream: 'broken responses',
  cacheTtlMs: 'response cache',
  fallbackWarningMs: 'fallback warning',
};

/** “soft limit” for `softMicros`: a field name in words. */
export const fieldLabel = (path: string): string =>
  FIELD_LABELS[path] ??
  path
    .replace(/(Ms|Micros)$/, '')
    .replace(/([a-z])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`)
    .replaceAll('.', ' ');
