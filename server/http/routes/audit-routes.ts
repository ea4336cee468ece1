import * as contracts from '@switchyard/shared/contracts/changes.ts';
import { exportChanges } from '../../services/changes/export-changes.ts';
import { listChangeActors, listChanges } from '../../services/changes/list-changes.ts';
import { type Api, FileStream } from '../register.ts';

/** The audit trail. */
export const auditRoutes = (api: Api): void => {
  api.register(contracts.listChanges, ({ context, query }) => listChanges(context, query));
  api.register(contracts.exportChanges, async ({ context }) => new FileStream('audit.jsonl', 'application/x-ndjson', exportChanges(context)));
  api.register(contracts.listChangeActors, async ({ context }) => ({ items: await listChangeActors(context) }));
};
