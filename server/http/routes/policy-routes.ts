import * as contracts from '@switchyard/shared/contracts/policies.ts';
import { getPolicies, previewPolicies, putPolicies } from '../../services/policies/policies.ts';
import { createErasure } from '../../services/retention/erasures.ts';
import { dryRunRetention } from '../../services/retention/retention.ts';
import type { Api } from '../register.ts';

/** Data policies of workflows. */
export const policyRoutes = (api: Api): void => {
  api.register(contracts.getPolicies, ({ context, params }) => getPolicies(context, params.id));
  api.register(contracts.putPolicies, ({ context, params, body }) => putPolicies(context, params.id, body));
  api.register(contracts.previewPolicies, ({ context, params, body }) => previewPolicies(context, params.id, body));
  api.register(contracts.dryRunRetention, ({ context, params, body }) => dryRunRetention(context, params.id, body?.retention));
  api.register(contracts.createErasure, ({ context, body }) => createErasure(context, body));
};
