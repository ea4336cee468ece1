import * as contracts from '@switchyard/shared/contracts/evaluation/releases.ts';
import { getRelease } from '../../services/releases/get-release.ts';
import { putRelease, removeGate, rollBackRelease } from '../../services/releases/put-release.ts';
import { Answer, type Api } from '../register.ts';

/** Which versions of a workflow take live runs. */
export const releaseRoutes = (api: Api): void => {
  api.register(contracts.getRelease, ({ context, params }) => getRelease(context, params.id));
  api.register(contracts.putRelease, async ({ context, params, body }) => {
    const { release, isChecking } = await putRelease(context, params.id, body);
    return new Answer(isChecking ? 202 : 200, release);
  });
  api.register(contracts.removeGate, ({ context, params, body }) => removeGate(context, params.id, body.reason));
  api.register(contracts.rollBackRelease, ({ context, params, body }) => rollBackRelease(context, params.id, body?.reason));
};
