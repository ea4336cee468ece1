import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import type { listReviewerFigures } from '@switchyard/shared/contracts/insight/insight.ts';
import { quantileOf } from '../../insight/figures/histogram.ts';
import { addPacked, noReviewer, noRollUp } from '../../insight/figures/roll-up.ts';
import { shareOf } from '../../insight/read/figures-view.ts';
import { rangeOf, readRollUps } from '../../insight/read/read-roll-ups.ts';
import { reviews } from '../../store/collections.ts';
import type { Page } from '../../store/port.ts';
import type { ServiceContext } from '../context.ts';

/* The people who decide reviews: what waits for them now, and how they decided in a time. */

const MOST_OPEN = 5_000;
const PAGE = 1_000;

interface Backlog {
  waiting: number;
  oldestAt: string | null;
}

interface Query {
  readonly workflowId?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export async function listReviewers(context: ServiceContext, query: Query): Promise<ReplyOf<typeof listReviewerFigures>> {
  const [backlogs, records] = await Promise.all([
    backlogOf(context, query.workflowId),
    readRollUps(context.store, rangeOf(query, context.now()), query.workflowId),
  ]);
  const sum = noRollUp();
  for (const { figures } of records) addPacked(sum, { ...figures, versions: [], tenants: [], targets: [], exceptions: [] });
  const names = new Set<string | null>([...backlogs.keys(), ...sum.reviewers.keys()]);
  const items = [...names].map((name) => {
    const { waiting, oldestAt } = backlogs.get(name) ?? { waiting: 0, oldestAt: null };
    const { decided, judged, changed, overrides, ms } = (name === null ? undefined : sum.reviewers.get(name)) ?? noReviewer();
    const [p50, p95] = [0.5, 0.95].map((share) => quantileOf(ms, share)) as [number | null, number | null];
    return { name, waiting, oldestAt, decided, correction: shareOf(changed, judged), override: shareOf(overrides, decided), p50, p95 };
  });
  const waiting = [...backlogs.values()].reduce((total, backlog) => total + backlog.waiting, 0);
  const oldest = [...backlogs.values()].flatMap(({ oldestAt }) => oldestAt ?? []).sort();
  return { waiting, oldestAt: oldest[0] ?? null, items: items.sort((one, other) => other.waiting - one.waiting || other.decided - one.decided) };
}

/** Open reviews by assignee, the oldest first. */
async function backlogOf({ store }: ServiceContext, workflowId: string | undefined): Promise<Map<string | null, Backlog>> {
  const found = new Map<string | null, Backlog>();
  let cursor: string | null = null;
  let read = 0;
  do {
    const page: Page<{ id: string; workspaceId: string; assignee: string | null; createdAt: string; workflowId: string }> = await store.find(reviews, {
      where: { status: 'open' },
      order: { field: 'createdAt' },
      fields: ['assignee', 'createdAt', 'workflowId'],
      limit: PAGE,
      aside: true,
      ...(cursor !== null && { cursor }),
    });
    for (const review of page.items) {
      if (workflowId !== undefined && review.workflowId !== workflowId) continue;
      const backlog = found.get(review.assignee) ?? { waiting: 0, oldestAt: review.createdAt };
      backlog.waiting++;
      found.set(review.assignee, backlog);
    }
    read += page.items.length;
    cursor = page.nextCursor;
  } while (cursor !== null && read < MOST_OPEN);
  return found;
}
