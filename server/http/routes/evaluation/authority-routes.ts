import * as contracts from '@switchyard/shared/contracts/evaluation/authority.ts';
import { getAuthority, listLabels } from '../../../services/authority/get-authority.ts';
import { setAuthority } from '../../../services/authority/set-authority.ts';
import type { Api } from '../../register.ts';

/** How much of its reviews a person sees. */
export const authorityRoutes = (api: Api): void => {
  api.register(contracts.getAuthority, ({ context, params }) => getAuthority(context, params.id, params.nodeKey));
  api.register(contracts.listAuthorityLabels, ({ context, params, query }) => listLabels(context, params.id, params.nodeKey, query));
  api.register(contracts.setAuthority, ({ context, params, body }) => setAuthority(context, params.id, params.nodeKey, body));
};
