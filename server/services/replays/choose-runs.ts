import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { type estimateReplay, MOST_REPLAYED } from '@switchyard/shared/contracts/evaluation/replays.ts';
import { isLiveRun } from '@switchyard/shared/run/facts/live-run.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { type RunRecord, runs } from '../../store/collections.ts';
import type { ServiceContext } from '../context.ts';
import { findRuns } from '../runs/list-runs.ts';

export type WantedRuns = Pick<BodyOf<typeof estimateReplay>, 'workflowId' | 'runs'>;

/** What choosing needs of a run. */
const FIELDS = ['status', 'trigger', 'versionText', 'createdAt', 'payloadsRemovedAt', 'journalRemovedAt', 'graphHash'];
const PAGE = 200;
/** How many runs are looked at. */
const MOST_READ = 20_000;

/** The ended live runs of a workflow that are wanted, newest first, at most 1,000. */
export async function chooseRuns(context: ServiceContext, { workflowId, runs: wanted }: WantedRuns): Promise<RunRecord[]> {
  const limit = 'last' in wanted ? wanted.last : MOST_REPLAYED;
  const filter = 'filter' in wanted ? wanted.filter : {};
  const chosen: RunRecord[] = [];
  let cursor: string | undefined;
  for (let read = 0; read < MOST_READ; read += PAGE) {
    const page = await findRuns(context, { ...filter, workflowId, limit: PAGE, cursor }, FIELDS);
    for (const run of page.items) {
      if (isEnded(run.status) && isLiveRun({ version: run.versionText, trigger: run.trigger })) chosen.push(run);
      if (chosen.length === limit) return chosen;
    }
    if (page.nextCursor === null) return chosen;
    cursor = page.nextCursor;
  }
  return chosen;
}

/** Whether a run has what a replay needs. Those whose values are encrypted are found when they are replayed. */
export const isReplayable = ({ payloadsRemovedAt, journalRemovedAt }: RunRecord): boolean => payloadsRemovedAt === undefined && journalRemovedAt === undefined;

/** The whole record of a run. */
export const wholeRun = ({ store }: Pick<ServiceContext, 'store'>, id: string): Promise<RunRecord | undefined> => store.get(runs, id);
