import type { CauseGroup, CorrectionSummary } from '@switchyard/shared/contracts/evaluation/corrections.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { CAUSE_GROUPS } from '@switchyard/shared/evaluation/choices.ts';
import { versions } from '../../store/collections.ts';
import { type CorrectionRecord, corrections, type ReviewOutcomeRecord, reviewOutcomes } from '../../store/evaluation/correction-collections.ts';
import type { Collection, Page, StoredRecord } from '../../store/port.ts';
import type { ServiceContext } from '../context.ts';

/* Counts corrections by cause over time, and rates by what made the drafts (S85). Stateless: it reads the records of the range, page by page. */

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;
const MOST_DAYS = 400;
/** A range up to this long is counted by day, a longer one by week. */
const DAYS_BY_DAY = 14;
const PAGE = 1_000;
/** At most this many corrections, and this many reviews, are counted. */
const MOST_RECORDS = 100_000;
const MOST_MARKS = 50;
const MOST_RATES = 100;

interface SummaryQuery {
  readonly workflowId?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly bucketMs: number;
  readonly count: number;
}

function rangeOf({ from, to }: SummaryQuery, now: Date): Range {
  const end = to === undefined ? now.getTime() : Date.parse(to);
  const begin = from === undefined ? end - DEFAULT_DAYS * DAY_MS : Date.parse(from);
  if (begin >= end)
    throw new AppError('bad-request', 'The range is empty: “from” must be before “to”.', { fields: [{ path: 'from', message: 'must be before to' }] });
  if (end - begin > MOST_DAYS * DAY_MS)
    throw new AppError('bad-request', `The range can have up to ${MOST_DAYS} days.`, {
      fields: [{ path: 'from', message: `must be at most ${MOST_DAYS} days before to` }],
    });
  const bucketMs = end - begin <= DAYS_BY_DAY * DAY_MS ? DAY_MS : 7 * DAY_MS;
  return { from: begin, to: end, bucketMs, count: Math.ceil((end - begin) / bucketMs) };
}

/** The bucket of a time. The last bucket ends at the end of the range, so the first one may be shorter. */
const bucketOf = ({ to, bucketMs, count }: Range, at: string): number => Math.max(0, count - 1 - Math.floor((to - Date.parse(at)) / bucketMs));

/** What reviewers changed in a range of time, and why. */
export async function correctionSummary(context: ServiceContext, query: SummaryQuery): Promise<CorrectionSummary> {
  const range = rangeOf(query, context.now());
  const causes = new Map(CAUSE_GROUPS.map((cause) => [cause, { count: 0, confirmed: 0, byBucket: zeros(range) }]));
  const reviewed = zeros(range);
  const sums = { reviewed: 0, corrected: 0, overridden: 0 };
  const [prompts, targets] = [new Map<string, Rate>(), new Map<string, Rate>()];
  const counted = await readRange(context, corrections, range, query.workflowId, ({ at, cause = 'unattributed', isConfirmed = 0, changes }) => {
    const sum = causes.get(cause satisfies CauseGroup);
    if (!sum) return;
    // A record of an earlier version has all changes of a review.
    sum.count += changes.length;
    sum.confirmed += isConfirmed;
    sum.byBucket[bucketOf(range, at)] = (sum.byBucket[bucketOf(range, at)] ?? 0) + changes.length;
  });
  const complete = await readRange(context, reviewOutcomes, range, query.workflowId, ({ at, changed, overridden, drafts }) => {
    reviewed[bucketOf(range, at)] = (reviewed[bucketOf(range, at)] ?? 0) + 1;
    sums.reviewed++;
    if (changed) sums.corrected++;
    if (overridden) sums.overridden++;
    noteRates(prompts, drafts, ({ prompt }) => prompt);
    noteRates(targets, drafts, ({ target }) => target);
  });
  const startOf = (bucket: number): string => new Date(Math.max(range.from, range.to - (range.count - bucket) * range.bucketMs)).toISOString();
  return {
    from: new Date(range.from).toISOString(),
    to: new Date(range.to).toISOString(),
    ...sums,
    bucketMs: range.bucketMs,
    buckets: reviewed.map((count, bucket) => ({ from: startOf(bucket), reviewed: count })),
    causes: [...causes].map(([cause, sum]) => ({ cause, ...sum })),
    marks: await marksIn(context, range, query.workflowId),
    prompts: ratesOf(prompts),
    targets: ratesOf(targets),
    complete: counted && complete,
  };
}

const zeros = ({ count }: Range): number[] => Array.from({ length: count }, () => 0);

interface Rate {
  reviewed: number;
  corrected: number;
}
type Draft = ReviewOutcomeRecord['drafts'][number];

/** A review counts once for a prompt or target, however many of its drafts were made with it. */
function noteRates(rates: Map<string, Rate>, drafts: readonly Draft[], keyOf: (draft: Draft) => string | null): void {
  for (const key of new Set(drafts.map(keyOf))) {
    if (key === null) continue;
    const rate = rates.get(key) ?? { reviewed: 0, corrected: 0 };
    rate.reviewed++;
    if (drafts.some((draft) => draft.changed && keyOf(draft) === key)) rate.corrected++;
    rates.set(key, rate);
  }
}

const ratesOf = (rates: ReadonlyMap<string, Rate>) =>
  [...rates]
    .map(([key, rate]) => ({ key, ...rate }))
    .sort((one, other) => other.reviewed - one.reviewed)
    .slice(0, MOST_RATES);

/** Reads the records of the range, newest first. False if there are too many. */
async function readRange<T extends StoredRecord & Pick<CorrectionRecord, 'at' | 'workflowId'>>(
  { store }: ServiceContext,
  collection: Collection<T>,
  { from, to }: Range,
  workflowId: string | undefined,
  each: (record: T) => void,
): Promise<boolean> {
  let cursor: string | null = null;
  let read = 0;
  do {
    const page: Page<T> = await store.find(collection, {
      ...(workflowId !== undefined && { where: { workflowId } }),
      range: { field: 'at', from: new Date(from).toISOString(), to: new Date(to).toISOString() },
      order: { field: 'at', descending: true },
      limit: PAGE,
      aside: true,
      ...(cursor !== null && { cursor }),
    });
    page.items.forEach(each);
    read += page.items.length;
    cursor = page.nextCursor;
  } while (cursor !== null && read < MOST_RECORDS);
  return cursor === null;
}

/** The newest versions of a workflow that were published in the range. */
async function marksIn({ store }: ServiceContext, { from, to }: Range, workflowId: string | undefined): Promise<CorrectionSummary['marks']> {
  if (workflowId === undefined) return [];
  const { items } = await store.find(versions, { where: { workflowId }, order: { field: 'number', descending: true }, limit: MOST_MARKS });
  return items
    .filter(({ publishedAt }) => Date.parse(publishedAt) >= from && Date.parse(publishedAt) <= to)
    .map(({ number, publishedAt }) => ({ at: publishedAt, version: number }))
    .reverse();
}
