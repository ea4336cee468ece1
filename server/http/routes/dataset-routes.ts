import * as contracts from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { tryGrader } from '@switchyard/shared/contracts/evaluation/graders.ts';
import * as rubricContracts from '@switchyard/shared/contracts/evaluation/rubrics.ts';
import * as datasets from '../../services/datasets/datasets.ts';
import { exportDataset } from '../../services/datasets/export-items.ts';
import { addFromSamples, importItems } from '../../services/datasets/import-items.ts';
import * as items from '../../services/datasets/items.ts';
import { addFromRun } from '../../services/datasets/items-from-runs.ts';
import { deleteJudgment, judgeOutput, listJudgments } from '../../services/datasets/judgments.ts';
import * as rubrics from '../../services/datasets/rubrics.ts';
import type { TryGrader } from '../../services/datasets/try-grader.ts';
import { fileName } from '../file-name.ts';
import { type Api, FileStream } from '../register.ts';

/** Datasets, their items, graders, rubrics, and judgments. */
export const datasetRoutes =
  (tryOne: TryGrader) =>
  (api: Api): void => {
    api.register(contracts.listDatasets, ({ context, query }) => datasets.listDatasets(context, query));
    api.register(contracts.createDataset, ({ context, body }) => datasets.createDataset(context, body));
    api.register(contracts.getDataset, ({ context, params }) => datasets.getDataset(context, params.id));
    api.register(contracts.updateDataset, ({ context, params, body }) => datasets.updateDataset(context, params.id, body));
    api.register(contracts.deleteDataset, ({ context, params }) => datasets.deleteDataset(context, params.id));
    api.register(contracts.listDatasetItems, ({ context, params, query }) => items.listItems(context, params.id, query));
    api.register(contracts.addDatasetItem, ({ context, params, body }) => items.addItem(context, params.id, body));
    api.register(contracts.importDatasetItems, ({ context, params, body }) => importItems(context, params.id, body));
    api.register(contracts.addItemsFromRun, ({ context, params, body }) => addFromRun(context, params.id, body));
    api.register(contracts.addItemsFromSamples, ({ context, params, body }) => addFromSamples(context, params.id, body));
    api.register(contracts.getDatasetItem, ({ context, params, query }) => items.getItem(context, params.id, params.item, query.version));
    api.register(contracts.updateDatasetItem, ({ context, params, body }) => items.updateItem(context, params.id, params.item, body));
    api.register(contracts.deleteDatasetItem, ({ context, params }) => items.deleteItem(context, params.id, params.item));
    api.register(contracts.exportDataset, async ({ context, params, query }) => {
      const { name, parts } = await exportDataset(context, params.id, query);
      return new FileStream(`${fileName(name)}.jsonl`, 'application/jsonl; charset=utf-8', parts());
    });
    api.register(rubricContracts.listRubrics, ({ context, query }) => rubrics.listRubrics(context, query));
    api.register(rubricContracts.createRubric, ({ context, body }) => rubrics.createRubric(context, body));
    api.register(rubricContracts.updateRubric, ({ context, params, body }) => rubrics.updateRubric(context, params.id, body));
    api.register(rubricContracts.deleteRubric, ({ context, params }) => rubrics.deleteRubric(context, params.id));
    api.register(rubricContracts.listJudgments, ({ context, params, query }) => listJudgments(context, params.id, query));
    api.register(rubricContracts.judgeOutput, ({ context, params, body }) => judgeOutput(context, params.id, params.item, body));
    api.register(rubricContracts.deleteJudgment, ({ context, params }) => deleteJudgment(context, params.id, params.judgment));
    api.register(tryGrader, ({ context, body, signal }) => tryOne(context, body, signal));
  };
