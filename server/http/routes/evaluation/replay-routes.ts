import * as contracts from '@switchyard/shared/contracts/evaluation/replays.ts';
import { compareRuns } from '../../../services/replays/compare.ts';
import { estimateReplay } from '../../../services/replays/estimate.ts';
import { replayRun } from '../../../services/replays/replay-run.ts';
import { cancelReplay, getReplay, getReplayGraph, listReplayedRuns, listReplays, startReplay } from '../../../services/replays/replays.ts';
import type { Api } from '../../register.ts';

/** Runs again without effects, and what differs. */
export function replayRoutes(api: Api): void {
  api.register(contracts.replayRun, ({ context, params, body }) => replayRun(context, params.id, body?.version));
  api.register(contracts.estimateReplay, ({ context, body }) => estimateReplay(context, body));
  api.register(contracts.startReplay, ({ context, body }) => startReplay(context, body));
  api.register(contracts.listReplays, ({ context, query }) => listReplays(context, query));
  api.register(contracts.getReplay, ({ context, params }) => getReplay(context, params.id));
  api.register(contracts.listReplayedRuns, ({ context, params, query }) => listReplayedRuns(context, params.id, query));
  api.register(contracts.getReplayGraph, ({ context, params }) => getReplayGraph(context, params.id));
  api.register(contracts.cancelReplay, ({ context, params }) => cancelReplay(context, params.id));
  api.register(contracts.compareRuns, ({ context, params }) => compareRuns(context, params.id, params.other));
}
