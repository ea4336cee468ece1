import * as contracts from '@switchyard/shared/contracts/evaluation/replays.ts';
import { compareRuns } from '../../../services/replays/compare.ts';
import { replayRun } from '../../../services/replays/replay-run.ts';
import type { Api } from '../../register.ts';

/** Runs again without effects, and what differs. */
export function replayRoutes(api: Api): void {
  api.register(contracts.replayRun, ({ context, params, body }) => replayRun(context, params.id, body?.version));
  api.register(contracts.compareRuns, ({ context, params }) => compareRuns(context, params.id, params.other));
}
