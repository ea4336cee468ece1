import * as contracts from '@switchyard/shared/contracts/runs.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import type { Express } from 'express';
import type { ServiceContext } from '../../services/context.ts';
import { cancelRun } from '../../services/runs/cancel-run.ts';
import { getRun, getRunGraph, listRunEvents, listRunSteps } from '../../services/runs/get-run.ts';
import { listRuns } from '../../services/runs/list-runs.ts';
import { getRunBlob } from '../../services/runs/load-value.ts';
import { rerun } from '../../services/runs/rerun.ts';
import { startRun } from '../../services/runs/start-run.ts';
import { Answer, register } from '../register.ts';

/** Runs: start, look at, stop, repeat. */
export function runRoutes(context: ServiceContext): (app: Express) => void {
  return (app) => {
    register(app, contracts.startRun, async ({ params, body, fromPage }) => {
      const run = await startRun(context, params.id, { ...body, trigger: fromPage ? 'canvas' : 'api' });
      return new Answer(isEnded(run.status) ? 200 : 202, run);
    });
    register(app, contracts.listRuns, ({ query }) => listRuns(context, query));
    register(app, contracts.getRun, ({ params }) => getRun(context, params.id));
    register(app, contracts.listRunSteps, ({ params, query }) => listRunSteps(context, params.id, query));
    register(app, contracts.getRunGraph, ({ params }) => getRunGraph(context, params.id));
    register(app, contracts.listRunEvents, ({ params, query }) => listRunEvents(context, params.id, query));
    register(app, contracts.getRunBlob, ({ params }) => getRunBlob(context, params.id, params.hash));
    register(app, contracts.cancelRun, async ({ params, body }) => {
      const run = await cancelRun(context, params.id, body?.reason);
      return new Answer(run.status === 'cancelled' ? 200 : 202, run);
    });
    register(app, contracts.rerunRun, ({ params, body }) => rerun(context, params.id, body ?? {}));
  };
}
