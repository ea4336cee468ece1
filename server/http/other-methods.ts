import { allContracts } from '@switchyard/shared/contracts/all.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Express, Request, Response } from 'express';

/** API paths without a contract. */
const WITHOUT_CONTRACT = [
  { method: 'GET', path: '/api/openapi.json' },
  { method: 'GET', path: '/api/docs' },
  { method: 'GET', path: '/metrics' },
];

/**
 * Answers requests to a known path with an unsupported method: 405 with `Allow` (RFC 9110 §15.5.6), and OPTIONS with 204. Registered
 * after all routes, so only requests that none of them handles get here.
 */
export function answerOtherMethods(app: Express): void {
  // A URL may match several paths: /api/connections/discover also matches /api/connections/:id.
  const found = new WeakMap<Request, Set<string>>();
  const paths: Set<string> = new Set();
  for (const { method, path } of [...allContracts, ...WITHOUT_CONTRACT]) {
    paths.add(path);
    app.all(path, (request, _response, next) => {
      const methods = found.get(request) ?? new Set();
      found.set(request, methods.add(method));
      next();
    });
  }
  app.all([...paths], (request, response) => {
    refuse(request, response, [...(found.get(request) ?? [])]);
  });
}

function refuse(request: Request, response: Response, methods: readonly string[]): void {
  const allowed = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'];
  response.setHeader('allow', allowed.join(', '));
  if (request.method === 'OPTIONS') {
    response.status(204).end();
    return;
  }
  throw new AppError('method-not-allowed', `${request.path} doesn’t support ${request.method}. Use ${methods.join(', ')}.`, { details: { allowed: methods } });
}
