import { exportExperiment, gradeExperimentResult } from '@switchyard/shared/contracts/evaluation/experiment-results.ts';
import * as contracts from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { createComparisons } from '../../../services/experiments/compare-experiments.ts';
import { createExperiment } from '../../../services/experiments/create-experiment.ts';
import * as experiments from '../../../services/experiments/experiments.ts';
import { exportResults } from '../../../services/experiments/export-results.ts';
import { gradeResult } from '../../../services/experiments/grade-result.ts';
import { fileName } from '../../file-name.ts';
import { type Api, FileStream } from '../../register.ts';

/** Experiments, their results, and comparisons. */
export const experimentRoutes = (api: Api): void => {
  const comparisons = createComparisons();
  api.register(contracts.listExperiments, ({ context, query }) => experiments.listExperiments(context, query));
  api.register(contracts.createExperiment, ({ context, body }) => createExperiment(context, body));
  api.register(contracts.getExperiment, ({ context, params }) => experiments.getExperiment(context, params.id));
  api.register(contracts.listExperimentResults, ({ context, params, query }) => experiments.listExperimentResults(context, params.id, query));
  api.register(contracts.getExperimentResult, ({ context, params, query }) => experiments.getExperimentResult(context, params.id, params.index, query.trial));
  api.register(gradeExperimentResult, ({ context, params, body }) => gradeResult(context, params.id, params.index, body));
  api.register(exportExperiment, async ({ context, params, query }) => {
    const { name, parts } = await exportResults(context, params.id, query);
    return new FileStream(`${fileName(name)}.${query.format}`, `${query.format === 'csv' ? 'text/csv' : 'application/jsonl'}; charset=utf-8`, parts());
  });
  api.register(contracts.cancelExperiment, ({ context, params }) => experiments.cancelExperiment(context, params.id));
  api.register(contracts.continueExperiment, ({ context, params, body }) => experiments.continueExperiment(context, params.id, body));
  api.register(contracts.compareExperiments, ({ context, params, query }) =>
    comparisons.compare(context, params.id, params.other, query.also?.split(',').filter(Boolean) ?? []),
  );
  api.register(contracts.listExperimentPairs, ({ context, params, query }) => comparisons.pairs(context, params.id, params.other, query));
};
