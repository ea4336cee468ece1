import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import { type getUsage as getUsageContract, USAGE_FILTERS, type UsageRow } from '@switchyard/shared/contracts/money.ts';
import { workflows } from '../../store/collections.ts';
import { type ModelCallRow, modelCalls } from '../../store/money-collections.ts';
import type { ServiceContext } from '../context.ts';
import { csvLine } from '../csv.ts';
import { requestedModel } from './spending.ts';

/* Sums the usage of model calls. Stateless: it reads the calls of a time range page by page, and yields to other work in between. */

const PAGE = 1_000;
/** At most this many calls are summed for one response. */
const MOST_CALLS = 300_000;
const DEFAULT_SPAN_MS = 30 * 86_400_000;
const NOTHING = '(none)';
/** At most this many values are offered for one filter. */
const MOST_VALUES = 200;

type Filter = (typeof USAGE_FILTERS)[number];
type Filters = { readonly [F in Filter]?: string | undefined };

interface UsageQuery extends Filters {
  readonly by: string;
  readonly bucket: 'hour' | 'day';
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const bucketOf = (at: string, bucket: UsageQuery['bucket']): string =>
  bucket === 'hour' ? `${at.slice(0, 13)}:00:00.000Z` : `${at.slice(0, 10)}T00:00:00.000Z`;

/** The key that a call is grouped under. */
function keyOf(by: string, call: ModelCallRow): string {
  if (by.startsWith('label:')) return Object.entries(call.labels).find(([name]) => name === by.slice('label:'.length))?.[1] ?? NOTHING;
  const value = (
    {
      workflow: call.workflow,
      version: call.version,
      node: call.node,
      source: call.source ?? (call.workflow === null ? 'openai-api' : 'run'),
      trigger: call.trigger ?? null,
      prompt: call.prompt,
      route: call.route,
      model: requestedModel(call),
      tenant: call.tenant,
    } as Record<string, string | null>
  )[by];
  return value ?? NOTHING;
}

/** The value that a filter matches: a prompt’s name matches all its versions. */
function filterValue(filter: Filter, call: ModelCallRow): string {
  const key = keyOf(filter, call);
  return filter === 'prompt' ? key.replace(/@\d+$/, '') : key;
}

const matches = (filters: Filters, call: ModelCallRow): boolean =>
  USAGE_FILTERS.every((filter) => {
    const wanted = filters[filter];
    return wanted === undefined || wanted === filterValue(filter, call) || wanted === keyOf(filter, call) || (filter === 'model' && wanted === call.model);
  });

/** Calls, tokens, and cost by bucket and key, oldest first, the most expensive first within a bucket. */
export async function getUsage(context: ServiceContext, query: UsageQuery): Promise<ReplyOf<typeof getUsageContract>> {
  const { by, bucket } = query;
  const to = query.to ?? context.now().toISOString();
  const from = query.from ?? new Date(Date.parse(to) - DEFAULT_SPAN_MS).toISOString();
  const sums = new Map<string, Sum>();
  const values = noValues();
  let cursor: string | null = null;
  let read = 0;
  do {
    const page: { items: ModelCallRow[]; nextCursor: string | null } = await context.store.find(modelCalls, {
      range: { field: 'at', from, to },
      order: { field: 'at' },
      limit: PAGE,
      aside: true,
      ...(cursor !== null && { cursor }),
    });
    for (const call of page.items) {
      noteValues(values, call);
      if (matches(query, call)) add(sums, bucketOf(call.at, bucket), keyOf(by, call), call);
    }
    read += page.items.length;
    cursor = page.nextCursor;
  } while (cursor !== null && read < MOST_CALLS);
  const names = await namesOf(context, by, new Set([...sums.values()].map(({ key }) => key)));
  const rows = [...sums.values()].map((row) => ({
    ...row,
    name: names.get(row.key) ?? row.key,
    costMicros: row.unknownPrice === 0 ? (row.costMicros ?? 0) : row.costMicros,
  }));
  const items = rows.sort((one, two) => (one.bucket === two.bucket ? (two.costMicros ?? 0) - (one.costMicros ?? 0) : one.bucket < two.bucket ? -1 : 1));
  return { items, complete: cursor === null, values: await namedValues(context, values) };
}

type Values<T> = { readonly [F in Filter]: T };

const noValues = (): Values<Set<string>> => ({
  workflow: new Set(),
  tenant: new Set(),
  model: new Set(),
  route: new Set(),
  prompt: new Set(),
  source: new Set(),
});

function noteValues(values: Values<Set<string>>, call: ModelCallRow): void {
  for (const filter of USAGE_FILTERS) if (values[filter].size < MOST_VALUES) values[filter].add(filterValue(filter, call));
}

async function namedValues(context: ServiceContext, { workflow, tenant, model, route, prompt, source }: Values<ReadonlySet<string>>) {
  const titles = await namesOf(context, 'workflow', workflow);
  const named = (keys: ReadonlySet<string>, names = titles) =>
    [...keys].map((key) => ({ key, name: names.get(key) ?? key })).sort((one, two) => one.name.localeCompare(two.name, 'en'));
  return {
    workflow: named(workflow),
    tenant: named(tenant),
    model: named(model),
    route: named(route),
    prompt: named(prompt),
    source: named(source, SOURCE_NAMES),
  };
}

type Sum = Omit<UsageRow, 'name'>;

const NO_CALLS = { calls: 0, failedCalls: 0, inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, reasoningTokens: 0, unknownPrice: 0 };

/** The known cost of a call. Undefined if it says nothing about cost, because it failed before it was sent, or no model has a price. */
const knownCost = ({ costMicros, knownMicros, error }: ModelCallRow): number | undefined => {
  if (costMicros === null) return knownMicros;
  return costMicros > 0 || error === null ? costMicros : undefined;
};

function add(sums: Map<string, Sum>, bucket: string, key: string, call: ModelCallRow): void {
  const id = `${bucket} ${key}`;
  const known = knownCost(call);
  const sum = sums.get(id) ?? { bucket, key, ...NO_CALLS, costMicros: null };
  sums.set(id, {
    ...sum,
    calls: sum.calls + 1,
    failedCalls: sum.failedCalls + (call.error === null ? 0 : 1),
    inputTokens: sum.inputTokens + call.inputTokens,
    outputTokens: sum.outputTokens + call.outputTokens,
    cachedInputTokens: sum.cachedInputTokens + (call.cachedInputTokens ?? 0),
    reasoningTokens: sum.reasoningTokens + (call.reasoningTokens ?? 0),
    costMicros: known === undefined ? sum.costMicros : (sum.costMicros ?? 0) + known,
    unknownPrice: sum.unknownPrice + (call.costMicros === null ? 1 : 0),
  });
}

const SOURCE_NAMES: ReadonlyMap<string, string> = new Map([
  ['run', 'Runs'],
  ['openai-api', 'OpenAI API'],
  ['playground', 'Playground'],
  ['experiment', 'Graders of experiments'],
]);

/** Splits a key into its workflow and the words after the workflow’s name. */
const IN_WORKFLOW: Readonly<Record<string, (key: string) => readonly [workflowId: string, rest: string]>> = {
  workflow: (key) => [key, ''],
  version: (key) => [key.slice(0, key.lastIndexOf(':')), key.endsWith(':draft') ? ' draft' : ` v${key.slice(key.lastIndexOf(':') + 1)}`],
  node: (key) => [key.slice(0, key.indexOf('/')), ` / ${key.slice(key.indexOf('/') + 1)}`],
};

/** The names of keys that are made of a workflow’s ID. */
async function namesOf({ store }: ServiceContext, by: string, keys: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
  if (by === 'source') return SOURCE_NAMES;
  const split = IN_WORKFLOW[by];
  if (!split) return new Map();
  const titles = new Map<string, string | undefined>();
  for (const key of keys) {
    const [id] = split(key);
    if (!titles.has(id)) titles.set(id, (await store.get(workflows, id))?.name);
  }
  return new Map(
    [...keys].flatMap((key) => {
      const [id, rest] = split(key);
      const title = titles.get(id);
      return title === undefined ? [] : [[key, title + rest]];
    }),
  );
}

const COLUMNS = [
  'bucket',
  'key',
  'name',
  'calls',
  'failedCalls',
  'inputTokens',
  'outputTokens',
  'costMicros',
  'unknownPrice',
  'cachedInputTokens',
  'reasoningTokens',
] as const;

/** The rows as CSV (RFC 4180). An unknown cost is empty. A field that a spreadsheet would treat as a formula is prefixed with an apostrophe. */
export const usageCsv = (rows: readonly UsageRow[]): string =>
  [COLUMNS, ...rows.map((row) => COLUMNS.map((column) => String(row[column] ?? '')))].map(csvLine).join('');
