import { AppError } from '@switchyard/shared/errors.ts';
import { sendProblem } from '../http/problem.ts';
import { metricsRoute } from '../http/routes/metrics-route.ts';
import { createHttpFrame, type Web, type WebParts } from './http-frame.ts';

/* What a process that only drives runs serves: for probes and metrics. It loads nothing of pages, webhooks, and other operations. */

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
