import * as contracts from '@switchyard/shared/contracts/evaluation/releases.ts';
import { getRelease } from '../../services/releases/get-release.ts';
import { putRelease, rollBackRelease } from '../../services/releases/put-release.ts';
import type { Api } from '../register.ts';

/** Which versions of a workflow take live runs. */
export const releaseRoutes = (api: Api): void => {
  api.register(contracts.getRelease, ({ context, params }) => getRelease(context, params.id));
  api.register(contracts.putRelease, ({ context, params, body }) => putRelease(context, params.id, body));
  api.register(contracts.rollBackRelease, ({ context, params, body }) => rollBackRelease(context, params.id, body?.reason));
};
