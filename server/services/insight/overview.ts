import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import type { getInsight, getInsightBreakdown } from '@switchyard/shared/contracts/insight/insight.ts';
import { addFigures, type Figures, noFigures, readCounters, readFigures } from '../../insight/figures/figures.ts';
import { entryOf } from '../../insight/figures/roll-up.ts';
import { viewOf, viewOfCounters } from '../../insight/read/figures-view.ts';
import { before, figuresOf, rangeOf, readRollUps, startsOf } from '../../insight/read/read-roll-ups.ts';
import type { RollUpRecord } from '../../store/insight/insight-collections.ts';
import type { ServiceContext } from '../context.ts';
import { changeMarks } from './change-marks.ts';
import { workflowNames } from './names.ts';

interface Query {
  readonly workflowId?: string | undefined;
  readonly version?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const sumOf = (all: Iterable<Figures>): Figures => {
  const sum = noFigures();
  for (const figures of all) addFigures(sum, figures);
  return sum;
};

/** Figures over time, with those of the time before, and what changed. */
export async function getOverview(context: ServiceContext, query: Query): Promise<ReplyOf<typeof getInsight>> {
  const { store } = context;
  const { workflowId, version } = query;
  const range = rangeOf(query, context.now());
  const [records, earlier, changes, names] = await Promise.all([
    readRollUps(store, range, workflowId),
    readRollUps(store, before(range), workflowId),
    changeMarks(context, range, workflowId),
    workflowNames(context),
  ]);
  const buckets = new Map<string, Figures>(startsOf(range).map((at) => [at, noFigures()]));
  for (const record of records) addFigures(entryOf(buckets, record.at, noFigures), figuresOf(record, version));
  const versions = workflowId === undefined ? [] : new Set([...earlier, ...records].flatMap(({ figures }) => figures.versions.map(([name]) => name)));
  return {
    from: range.from,
    to: range.to,
    bucket: range.span,
    points: [...buckets].map(([at, figures]) => ({ at, figures: viewOf(figures) })),
    total: viewOf(sumOf(buckets.values())),
    before: viewOf(sumOf(earlier.map((record) => figuresOf(record, version)))),
    changes,
    workflows: [...names].map(([id, name]) => ({ id, name })).sort((one, other) => one.name.localeCompare(other.name, 'en')),
    versions: [...versions].sort((one, other) => Number(other) - Number(one)),
  };
}

/** The same figures by workflow, version, tenant, or served model. */
export async function getBreakdown(
  context: ServiceContext,
  { by, ...query }: Query & { readonly by: 'workflow' | 'version' | 'tenant' | 'model' },
): Promise<ReplyOf<typeof getInsightBreakdown>> {
  const rows = new Map<string, Figures>();
  for (const record of await readRollUps(context.store, rangeOf(query, context.now()), query.workflowId)) {
    for (const [key, figures] of partsOf(record, by, query.version)) addFigures(entryOf(rows, key, noFigures), figures);
  }
  const names = await workflowNames(context);
  const nameOf = (key: string): string => {
    const [workflowId = '', version] = key.split(':');
    if (by === 'workflow') return names.get(key) ?? key;
    return by === 'version' ? `${names.get(workflowId) ?? workflowId} v${version}` : key;
  };
  const items = [...rows].map(([key, figures]) => {
    const { calls, fallbackCalls } = figures.counters;
    return { key, name: nameOf(key), calls, fallbackCalls, figures: hasTimes(by) ? viewOf(figures) : viewOfCounters(figures.counters) };
  });
  return { items: items.sort((one, other) => other.figures.runs - one.figures.runs || (one.key < other.key ? -1 : 1)) };
}

const hasTimes = (by: string): boolean => by === 'workflow' || by === 'version';

function* partsOf(record: RollUpRecord, by: string, version: string | undefined): Generator<readonly [string, Figures]> {
  const { workflowId, figures } = record;
  if (by === 'workflow') yield [workflowId, figuresOf(record, version)];
  else if (by === 'version')
    for (const [name, packed] of figures.versions.filter(([name]) => version === undefined || name === version))
      yield [`${workflowId}:${name}`, readFigures(packed)];
  else for (const [name, packed] of by === 'tenant' ? figures.tenants : figures.targets) yield [name, { ...noFigures(), counters: readCounters(packed) }];
}
