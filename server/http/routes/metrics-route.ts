import type { Metrics } from '../../metrics/metrics.ts';
import { type Api, callerOf, demandScope } from '../register.ts';

/** The Prometheus metrics. */
export const metricsRoute =
  (metrics: Metrics) =>
  ({ app }: Api): void => {
    app.get('/metrics', async (request, response) => {
      demandScope(callerOf(request), 'read');
      const { contentType, text } = await metrics.exposition();
      response.setHeader('cache-control', 'no-store');
      response.setHeader('content-type', contentType);
      response.end(text);
    });
  };
