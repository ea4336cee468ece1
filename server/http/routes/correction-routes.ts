import * as contracts from '@switchyard/shared/contracts/evaluation/corrections.ts';
import * as exceptions from '@switchyard/shared/contracts/evaluation/exception-paths.ts';
import { getCorrection, listCorrections, setCause } from '../../services/corrections/corrections.ts';
import { addCorrectionToDataset } from '../../services/corrections/dataset-item.ts';
import { exportCorrections } from '../../services/corrections/export-corrections.ts';
import { correctionSummary } from '../../services/corrections/summary.ts';
import { changeExceptionPath, listExceptionPaths, markDifferent } from '../../services/exception-paths/exception-paths.ts';
import { type Api, FileStream } from '../register.ts';

/** What reviewers changed, and why, and which cases were different. */
export function correctionRoutes(api: Api): void {
  api.register(contracts.listCorrections, ({ context, query }) => listCorrections(context, query));
  // Before the operations with an ID in this place.
  api.register(contracts.getCorrectionSummary, ({ context, query }) => correctionSummary(context, query));
  api.register(
    contracts.exportCorrections,
    async ({ context, query }) => new FileStream('corrections.jsonl', 'application/jsonl; charset=utf-8', exportCorrections(context, query)),
  );
  api.register(contracts.getCorrection, ({ context, params }) => getCorrection(context, params.id));
  api.register(contracts.setCorrectionCause, ({ context, params, body }) => setCause(context, params.id, body.cause));
  api.register(contracts.addCorrectionToDataset, ({ context, params, body }) => addCorrectionToDataset(context, params.id, body ?? { tags: [] }));
  api.register(exceptions.markDifferent, ({ context, params, body }) => markDifferent(context, params.id, body));
  api.register(exceptions.listExceptionPaths, ({ context, query }) => listExceptionPaths(context, query));
  api.register(exceptions.changeExceptionPath, ({ context, params, body }) => changeExceptionPath(context, params.id, body.automated));
}
