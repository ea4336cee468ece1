import { AppError } from '@switchyard/shared/errors.ts';
import { sendProblem } from '../http/problem.ts';
import { metricsRoute } from '../http/routes/metrics-route.ts';
import { createHttpFrame, type Web, type WebParts } from './http-frame.ts';

/* Serves probes and metrics of a process that only drives runs. Loads no code for pages, webhooks, or other operations. */

const HEALTH_PATH = /^\/(api\/health|api\/ready|metrics)(\?|$)/;

export function createWorkerWeb(parts: WebParts): Web {
  const { log } = parts.foundation;
  const { app, systemRoutes } = createHttpFrame(parts);
  const answer = app([systemRoutes, metricsRoute(parts.metrics)]);
  return {
    open: () =>
      parts.startupGate.open((request, response) =>
        HEALTH_PATH.test(request.url ?? '')
          ? answer(request, response)
          : sendProblem(response, new AppError('not-found', 'This process only drives runs (ROLE=worker). Use a process with the role web or all.'), log),
      ),
    close: () => {},
  };
}
