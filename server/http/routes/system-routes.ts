import { inferSchema } from '@switchyard/nodes/io/infer-schema.ts';
import { widenSchema } from '@switchyard/nodes/io/widen-schema.ts';
import * as storage from '@switchyard/shared/contracts/controls/storage.ts';
import * as inventory from '@switchyard/shared/contracts/insight/inventory.ts';
import * as contracts from '@switchyard/shared/contracts/system.ts';
import * as heldRuns from '../../services/held-runs/held-runs.ts';
import { getInventory } from '../../services/inventory/get-inventory.ts';
import { applyRetentionNow } from '../../services/retention/retention.ts';
import { getSystem, type SystemSource } from '../../services/system/get-system.ts';
import { getStorage, type StorageSource } from '../../services/system/storage.ts';
import { listFunctions } from '../../services/workflows/list-functions.ts';
import { listNodeTypes } from '../../services/workflows/list-node-types.ts';
import type { Api } from '../register.ts';

export interface SystemParts {
  readonly version: string;
  /** Resolves once the server is ready. Rejects with `not-ready` and the reason. */
  readonly ready: () => Promise<void>;
  /** Absent in a single process. */
  readonly redis?: (() => contracts.RedisStatus) | undefined;
  readonly source: SystemSource;
  readonly storage: StorageSource;
}

/** Health, readiness, node types, and the description of the API. */
export const systemRoutes =
  ({ version, ready, redis, source, storage: storageSource }: SystemParts) =>
  (api: Api): void => {
    api.registerOpen(contracts.getHealth, async () => ({ status: 'ok' as const, version }));
    api.registerOpen(contracts.getReady, async () => {
      await ready();
      return { status: 'ready' as const, ...(redis && { redis: redis() }) };
    });
    api.register(contracts.getSystem, () => getSystem(source));
    api.register(storage.getStorage, ({ context }) => getStorage(context, storageSource));
    api.register(inventory.getInventory, ({ context }) => getInventory(context, storageSource));
    api.register(storage.applyRetention, ({ context }) => applyRetentionNow(context));
    api.register(contracts.getHeldRuns, ({ context }) => heldRuns.getHeldRuns(context));
    api.register(contracts.releaseHeldRuns, ({ context, body }) => heldRuns.releaseHeldRuns(context, body?.reason));
    api.register(contracts.listNodeTypes, async () => listNodeTypes());
    api.register(contracts.listFunctions, async () => listFunctions());
    api.register(contracts.inferSchema, async ({ body: { samples, schema, requireShared } }) => ({
      schema: schema ? widenSchema(schema, samples) : inferSchema(samples, { requireShared }),
    }));
    api.app.get('/api/openapi.json', async (_request, response) => {
      // Rarely requested and large, so it is built on first use.
      const { openApiDocument } = await import('../openapi.ts');
      response.json(openApiDocument(version));
    });
    api.app.get('/api/docs', async (request, response) => {
      const [{ openApiDocument }, { apiDocsPage }] = await Promise.all([import('../openapi.ts'), import('../api-docs.ts')]);
      const { q } = request.query;
      response.type('html').send(apiDocsPage(openApiDocument(version), typeof q === 'string' ? q.slice(0, 200) : ''));
    });
  };
