import * as contracts from '@switchyard/shared/contracts/changes.ts';
import { listChangeActors, listChanges } from '../../services/changes/list-changes.ts';
import type { Api } from '../register.ts';

/** The audit trail. */
export const auditRoutes = (api: Api): void => {
  api.register(contracts.listChanges, ({ context, query }) => listChanges(context, query));
  api.register(contracts.listChangeActors, async ({ context }) => ({ items: await listChangeActors(context) }));
};
