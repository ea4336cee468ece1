import * as contracts from '@switchyard/shared/contracts/system.ts';
import type { Express } from 'express';
import { listNodeTypes } from '../../services/workflows/list-node-types.ts';
import { register } from '../register.ts';

export interface SystemParts {
  readonly version: string;
  /** Resolves when work can be taken; rejects with `not-ready` and the reason. */
  readonly ready: () => Promise<void>;
}

/** Health, readiness, node types, and the description of the API itself. */
export function systemRoutes({ version, ready }: SystemParts): (app: Express) => void {
  return (app) => {
    register(app, contracts.getHealth, () => ({ status: 'ok' as const, version }));
    register(app, contracts.getReady, async () => {
      await ready();
      return { status: 'ready' as const };
    });
    register(app, contracts.listNodeTypes, () => listNodeTypes());
    app.get('/api/openapi.json', async (_request, response) => {
      // Seldom asked for, and not small: made when it is first wanted.
      const { openApiDocument } = await import('../openapi.ts');
      response.json(openApiDocument(version));
    });
    app.get('/api/docs', async (request, response) => {
      const [{ openApiDocument }, { apiDocsPage }] = await Promise.all([import('../openapi.ts'), import('../api-docs.ts')]);
      const { q } = request.query;
      response.type('html').send(apiDocsPage(openApiDocument(version), typeof q === 'string' ? q.slice(0, 200) : ''));
    });
  };
}
