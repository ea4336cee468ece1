import type { Express } from 'express';
import type { Metrics } from '../../metrics/metrics.ts';

/** What Prometheus asks for. */
export function metricsRoute(metrics: Metrics): (app: Express) => void {
  return (app) => {
    app.get('/metrics', async (_request, response) => {
      const { contentType, text } = await metrics.exposition();
      response.setHeader('cache-control', 'no-store');
      response.setHeader('content-type', contentType);
      response.end(text);
    });
  };
}
