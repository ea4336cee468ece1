import * as bills from '@switchyard/shared/contracts/bill-of-materials.ts';
import * as reruns from '@switchyard/shared/contracts/reruns.ts';
import * as contracts from '@switchyard/shared/contracts/runs.ts';
import { billDifferences } from '@switchyard/shared/run/bill-differences.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { getRunFile } from '../../services/files/read-file.ts';
import { billOfMaterials } from '../../services/runs/bill-of-materials.ts';
import { cancelRun } from '../../services/runs/cancel-run.ts';
import { getRun, getRunGraph, listRunEvents, listRunSteps } from '../../services/runs/get-run.ts';
import { listRunItems } from '../../services/runs/list-items.ts';
import { listRuns } from '../../services/runs/list-runs.ts';
import { getRunBlob } from '../../services/runs/load-value.ts';
import { rerun } from '../../services/runs/rerun.ts';
import { countFailedRuns, rerunFailedRuns } from '../../services/runs/rerun-failed.ts';
import { startRun } from '../../services/runs/start-run.ts';
import { Answer, type Api, FileDownload } from '../register.ts';

/** Runs: start, read, cancel, rerun. */
export function runRoutes(api: Api, productVersion: string): void {
  api.register(contracts.startRun, async ({ context, params, body, fromPage, hasFiles }) => {
    const run = await startRun(context, params.id, { ...body, trigger: fromPage ? 'canvas' : 'api', hasFiles });
    return new Answer(isEnded(run.status) ? 200 : 202, run);
  });
  api.register(contracts.listRuns, ({ context, query }) => listRuns(context, query));
  api.register(contracts.getRun, ({ context, params }) => getRun(context, params.id));
  api.register(contracts.listRunSteps, ({ context, params, query }) => listRunSteps(context, params.id, query));
  api.register(contracts.listRunItems, ({ context, params, query }) => listRunItems(context, params.id, query));
  api.register(contracts.getRunGraph, ({ context, params }) => getRunGraph(context, params.id));
  api.register(contracts.listRunEvents, ({ context, params, query }) => listRunEvents(context, params.id, query));
  api.register(contracts.getRunBlob, ({ context, params }) => getRunBlob(context, params.id, params.hash));
  api.register(contracts.getRunFile, async ({ context, params }) => new FileDownload(await getRunFile(context, params.id, params.file)));
  api.register(contracts.cancelRun, async ({ context, params, body }) => {
    const run = await cancelRun(context, params.id, body?.reason);
    return new Answer(run.status === 'cancelled' ? 200 : 202, run);
  });
  api.register(bills.getBillOfMaterials, ({ context, params }) => billOfMaterials(context, params.id, productVersion));
  api.register(bills.compareBillsOfMaterials, async ({ context, params: { id, other } }) => ({
    runs: [id, other],
    differences: billDifferences(await billOfMaterials(context, id, productVersion), await billOfMaterials(context, other, productVersion)),
  }));
  api.register(contracts.rerunRun, ({ context, params, body }) => rerun(context, params.id, body ?? {}));
  api.register(reruns.countFailedRuns, ({ context, query }) => countFailedRuns(context, query));
  api.register(reruns.rerunFailedRuns, ({ context, body }) => rerunFailedRuns(context, body));
}
