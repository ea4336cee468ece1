import type { BillGroup } from '@switchyard/shared/contracts/bill-of-materials.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { actorSchema } from '@switchyard/shared/run/actor.ts';
import type { TriggerKind } from '@switchyard/shared/run/events.ts';
import { actorLabel } from '../run-look/actor-label.ts';
import { TRIGGER_LABELS } from '../run-look/run-labels.ts';

/** The heading of each group of a bill of materials. */
export const GROUP_LABELS: Readonly<Record<BillGroup, string>> = {
  workflow: 'Workflow version',
  prompts: 'Prompt versions',
  models: 'Models',
  fallbacks: 'Served by a fallback',
  routes: 'Model routes',
  prices: 'Prices',
  policies: 'Policies',
  input: 'Input',
  caller: 'Caller',
  nodeTypes: 'Node types',
  schemas: 'Schemas',
  reviewers: 'Reviewers',
  product: 'Switchyard version',
};

const HASH_LENGTH = 8;
const shortHash = (hash: unknown): string => String(hash).slice(0, HASH_LENGTH);

type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (value: unknown): Fields => (isPlainObject(value) ? value : {});
const versionOf = (version: unknown): string => (version === null ? 'unknown version' : version === 'draft' ? 'draft' : `v${String(version)}`);

const hop = (value: unknown): string => {
  const { connection, model, reason } = fieldsOf(value);
  return `${String(model)} on ${String(connection)} failed: ${String(reason)}`;
};

/** Micro-dollars per token are dollars per million tokens. */
const perMillion = (price: unknown): string => `$${String(price)}`;

/** One value of each group as text. */
const TEXTS: Readonly<Record<BillGroup, (value: unknown, item: string) => string>> = {
  workflow: (value) => `${versionOf(fieldsOf(value).version)}, graph ${shortHash(fieldsOf(value).graphHash)}`,
  prompts: (value) => {
    const { label, version, variants } = fieldsOf(value);
    const variant = Array.isArray(variants) && variants.length > 0 ? `, variant ${variants.join(', ')}` : '';
    return `${versionOf(version)}${typeof label === 'string' ? ` by label ${label}` : ''}${variant}`;
  },
  models: (value) => {
    const { model, connection, calls } = fieldsOf(value);
    return `${String(model)} on ${String(connection)}, ${String(calls)} ${calls === 1 ? 'call' : 'calls'}`;
  },
  fallbacks: (value) => (Array.isArray(value) ? value.map(hop).join(', then ') : ''),
  routes: (value) => `${String(fieldsOf(value).route)}, ${versionOf(fieldsOf(value).version)}`,
  prices: (value) => {
    const { connection, input, output } = fieldsOf(value);
    return `${perMillion(input)} input, ${perMillion(output)} output per million tokens on ${String(connection)}`;
  },
  policies: shortHash,
  input: shortHash,
  caller: (value, item) => {
    const actor = item === 'actor' ? actorSchema.safeParse(value).data : undefined;
    if (actor) return actorLabel(actor);
    if (item === 'trigger') return TRIGGER_LABELS[value as TriggerKind] ?? String(value);
    return Object.entries(fieldsOf(value))
      .map(([name, label]) => `${name}: ${String(label)}`)
      .join(', ');
  },
  nodeTypes: versionOf,
  schemas: shortHash,
  reviewers: String,
  product: String,
};

/** A value of a bill as text. An item that occurred several times has a list. “–” if the run has none. */
export function billText(group: BillGroup, item: string, value: unknown): string {
  if (value === null || value === undefined) return '–';
  const texts = (LISTED.has(group) && Array.isArray(value) ? value : [value]).map((one) => TEXTS[group](one, item));
  return texts.filter((text) => text !== '').join('; ') || '–';
}

const LISTED: ReadonlySet<BillGroup> = new Set<BillGroup>(['prompts', 'models', 'fallbacks', 'routes', 'prices', 'nodeTypes', 'reviewers']);

const NAMES: Partial<Record<BillGroup, Readonly<Record<string, string>>>> = {
  caller: { actor: 'Started by', trigger: 'Trigger', labels: 'Labels' },
  policies: { data: 'Data policy' },
  input: { hash: 'Content' },
  product: { version: 'Version' },
};

/** The name of an item: a prompt, a node, a model, … */
export const itemLabel = (group: BillGroup, item: string): string => (group === 'workflow' ? 'Version' : (NAMES[group]?.[item] ?? item));
