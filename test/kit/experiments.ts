import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { type addDatasetItem, createDataset, importDatasetItems } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import * as contracts from '@switchyard/shared/contracts/evaluation/experiments.ts';
import type { TestApi } from './api.ts';
import { until } from './until.ts';

type Item = BodyOf<typeof addDatasetItem>;
type NewExperiment = BodyOf<typeof contracts.createExperiment>;

/** Creates a dataset with these items. Returns its ID. */
export async function datasetOf(api: TestApi, items: readonly Item[]): Promise<string> {
  const { id } = await api.call(createDataset, { body: { name: `Dataset ${crypto.randomUUID()}` } });
  for (let from = 0; from < items.length; from += 500)
    await api.call(importDatasetItems, { params: { id }, body: { items: items.slice(from, from + 500).map((item) => ({ ...item })) } });
  return id;
}

/** Creates an experiment on a workflow’s draft. By default, outputs must be equal to what is expected. */
export const experimentOn = async (
  api: TestApi,
  workflowId: string,
  datasetId: string,
  more: Partial<Omit<NewExperiment, 'datasetId'>> = {},
): Promise<string> => {
  const subject = { kind: 'workflow' as const, workflowId };
  return (await api.call(contracts.createExperiment, { body: { name: 'Mine', subject, graders: [{ kind: 'exact' }], ...more, datasetId } })).id;
};

export const readExperiment = (api: TestApi, id: string): Promise<contracts.Experiment> => api.call(contracts.getExperiment, { params: { id } });

/** The experiment, once it has this status. */
export const whenExperiment = (api: TestApi, id: string, status: contracts.Experiment['status']): Promise<contracts.Experiment> =>
  until(`the experiment to be ${status}`, async () => {
    const now = await readExperiment(api, id);
    return now.status === status && now;
  });

export const resultsOf = async (api: TestApi, id: string): Promise<contracts.ExperimentResult[]> =>
  (await api.call(contracts.listExperimentResults, { params: { id }, query: { limit: 1_000, order: 'item' } })).items;
