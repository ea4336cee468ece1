import * as contracts from '@switchyard/shared/contracts/state/stored-values.ts';
import { clearState, deleteState, listState, putState } from '../../services/state/stored-state.ts';
import type { WriteState } from '../../services/state/write-state.ts';
import type { Api } from '../register.ts';

/** Stored state of workflows. */
export const stateRoutes =
  (writeState: WriteState) =>
  (api: Api): void => {
    api.register(contracts.listState, ({ context, params, query }) => listState(context, params.id, query));
    api.register(contracts.putState, ({ context, params, body }) => putState(context, writeState, params.id, body));
    api.register(contracts.deleteState, ({ context, params, body }) => deleteState(context, writeState, params.id, body));
    api.register(contracts.clearState, ({ context, params, body }) => clearState(context, params.id, body));
  };
