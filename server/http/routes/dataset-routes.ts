import { tryGrader } from '@switchyard/shared/contracts/evaluation/graders.ts';
import type { TryGrader } from '../../services/datasets/try-grader.ts';
import type { Api } from '../register.ts';

/** Graders. */
export const datasetRoutes =
  (tryOne: TryGrader) =>
  (api: Api): void => {
    api.register(tryGrader, ({ context, body, signal }) => tryOne(context, body, signal));
  };
