import { bodyIssueMessage } from '@switchyard/shared/body-issue-message.ts';
import type { FieldError } from '@switchyard/shared/errors.ts';
import { isPlainObject, verbatimObject } from '@switchyard/shared/json.ts';
import type { ReviewField, ReviewTask } from '@switchyard/shared/run/events.ts';
import { z } from 'zod';
import { asNumber } from '../sdk/as-value.ts';

/** What a reviewer sends, as stored in the signal that ends the wait. */
const decisionSchema = z.object({
  decision: z.string(),
  values: verbatimObject.optional(),
  comment: z.string().optional(),
  reasons: z.array(z.string()).optional(),
  /** Who decided. */
  reviewer: z.string().nullish(),
});

/** What a reviewer changed in one field. `before` and `after` have the type of the field. */
interface Change {
  readonly field: string;
  readonly kind: ReviewField['kind'];
  readonly before: unknown;
  readonly after: unknown;
}

export interface Decision {
  readonly decision: string;
  /** The draft with the reviewer's changes. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly comment: string;
  readonly reasons: readonly string[];
  readonly reviewer: string | null;
  readonly changes: readonly Change[];
}

/** Whether a value is the output of a review. */
export const isDecision = (value: unknown): value is Decision => isPlainObject(value) && typeof value.decision === 'string' && isPlainObject(value.values);

export type ReadDecision = { readonly ok: true; readonly value: Decision } | { readonly ok: false; readonly errors: FieldError[] };

const isEmpty = (value: unknown): boolean => value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

const isText = ({ kind }: ReviewField): boolean => kind === 'text' || kind === 'long-text' || kind === 'choice';

/** A sent value converted to the type of its field, or the reason it is invalid. */
function fit(field: ReviewField, value: unknown, requireFields: boolean): { value: unknown } | { wrong: string } {
  if (isEmpty(value)) return field.required && requireFields ? { wrong: `${field.label} is required` } : { value: isText(field) ? '' : null };
  if (field.kind === 'text' || field.kind === 'long-text') return typeof value === 'string' ? { value } : { wrong: `${field.label} must be text` };
  if (field.kind === 'boolean') return typeof value === 'boolean' ? { value } : { wrong: `${field.label} must be true or false` };
  if (field.kind === 'choice') {
    return typeof value === 'string' && field.choices?.includes(value)
      ? { value }
      : { wrong: `${field.label} must be one of ${(field.choices ?? []).join(', ')}` };
  }
  if (field.kind === 'json') return { value };
  const number = asNumber(value);
  return number === undefined ? { wrong: `${field.label} must be a number` } : { value: number };
}

/** Ignores key order: a JSON editor may reorder an object. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  ) ?? 'null';

/**
 * Whether a decision needs its required fields filled in. Unless configured, only the first one does: rejecting or sending back must always
 * be possible.
 */
export const requiresFields = ({ decisions }: Pick<ReviewTask, 'decisions'>, id: string): boolean => {
  const index = decisions.findIndex((decision) => decision.id === id);
  return decisions[index]?.requireFields ?? index === 0;
};

/**
 * Reads a decision: checks that it exists and that the sent values match their fields, and lists the changes. Fields that were not sent
 * keep the draft. A decision that requires its fields validates the draft too, since the reviewer could have fixed it; any other, and any
 * with `draft: 'as-it-is'`, accepts it unchanged. The service checks a decision with this before it counts, and the node reads it with
 * this; reading its own result gives the same result.
 */
export function readDecision(task: ReviewTask, sent: unknown, { draft }: { readonly draft?: 'as-it-is' } = {}): ReadDecision {
  const parsed = decisionSchema.safeParse(sent, { error: bodyIssueMessage });
  if (!parsed.success) return { ok: false, errors: parsed.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message })) };
  const { decision, comment = '', reasons = [], reviewer = null } = parsed.data;
  const values = new Map(Object.entries(parsed.data.values ?? {}));
  const errors: FieldError[] = [];
  if (!task.decisions.some(({ id }) => id === decision)) {
    errors.push({ path: 'decision', message: `“${decision}” is not a decision of this review. Use one of ${task.decisions.map(({ id }) => id).join(', ')}.` });
  }
  const requireFields = requiresFields(task, decision);
  const keepsDraft = draft === 'as-it-is' || !requireFields;
  const result = task.fields.map((field): [string, unknown] => {
    const kept = field.value ?? null;
    const value = values.has(field.name) ? values.get(field.name) : kept;
    if (keepsDraft && canonical(value) === canonical(kept)) return [field.name, kept];
    const fitted = fit(field, value, requireFields);
    if ('value' in fitted) return [field.name, fitted.value];
    errors.push({ path: `values.${field.name}`, message: fitted.wrong });
    return [field.name, field.value];
  });
  for (const name of values.keys()) {
    if (!task.fields.some((field) => field.name === name)) errors.push({ path: `values.${name}`, message: 'is not a field of this review' });
  }
  if (errors.length > 0) return { ok: false, errors };
  const results = new Map(result);
  const changes = task.fields.flatMap(({ name, kind, value: before = null }): Change[] => {
    const after = results.get(name);
    return canonical(before) === canonical(after) ? [] : [{ field: name, kind, before, after }];
  });
  return { ok: true, value: { decision, values: Object.fromEntries(result), comment, reasons, reviewer: reviewer ?? null, changes } };
}
