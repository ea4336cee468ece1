import { AppError, type ErrorCode, toAppError } from '@switchyard/shared/errors.ts';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { Installation } from '../services/context.ts';
import type { AllowedHosts } from './allowed-hosts.ts';
import { lendIntake } from './api-body.ts';
import type { BodyIntake } from './body-intake.ts';
import type { AddressOf } from './client-address.ts';
import { openAiErrors } from './openai-api/openai-error.ts';
import { answerOtherMethods } from './other-methods.ts';
import { servePage } from './page.ts';
import { sendProblem } from './problem.ts';
import { type Api, createApi } from './register.ts';

export interface AppParts {
  readonly hosts: AllowedHosts;
  readonly log: Log;
  /** Folder of the built page. */
  readonly pageDir: string;
  /** Lets signed-in callers through. */
  readonly gate: RequestHandler;
  /** Which proxies to trust for the client's address, in Express's format. */
  readonly trustProxy: Config['trustProxy'];
  readonly intake: BodyIntake;
  /** Called with the code of each error response. */
  readonly refused: (code: ErrorCode) => void;
  readonly addressOf: AddressOf;
  readonly installation: Installation;
  readonly routes: readonly ((api: Api) => void)[];
}

/**
 * Paths of an API, also with repeated or encoded slashes, as clients join them by mistake. `/v1` too: a client that looks for an API there
 * must not get the page.
 */
const API_PATH = /^(?:\/|%2f)+(?:api|v1)(?:\/|%2f|$)/i;

/** The Express application: checks, API, page. Webhook requests are answered before it, in hooks/. */
export function createApp({ hosts, log, pageDir, gate, trustProxy, intake, refused, addressOf, installation, routes }: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  // API responses are not cached, so ETags would be computed for nothing.
  app.disable('etag');
  app.set('trust proxy', trustProxy);
  app.use(logRequests(log));
  app.use((request, _response, next) => {
    hosts.checkHost(request.headers);
    hosts.checkOrigin(request.headers, request.method);
    next();
  });
  app.use(securityHeaders());
  app.use(gate);
  app.use(lendIntake(intake, addressOf));
  const api = createApi(app, installation);
  for (const add of routes) add(api);
  answerOtherMethods(app);
  app.use((request, _response, next) => {
    if (!API_PATH.test(request.path)) return next();
    throw new AppError('not-found', `${request.method} ${request.originalUrl.split('?')[0]} not found. See /api/docs, or /api/openapi.json for programs.`);
  });
  servePage(app, pageDir);
  app.use((request) => {
    throw new AppError('not-found', `${request.method} ${request.path} not found.`);
  });
  app.use(((error, _request, _response, next) => {
    const thrown = toAppError(asAppError(error));
    refused(thrown.code);
    next(thrown);
  }) satisfies ErrorRequestHandler);
  app.use('/v1', openAiErrors(log));
  app.use(((error, _request, response, _next) => sendProblem(response, error, log)) satisfies ErrorRequestHandler);
  return app;
}

/** Errors of Express itself (an invalid % in the URL) have a status. */
const asAppError = (error: unknown): unknown =>
  error instanceof Error && !(error instanceof AppError) && 'status' in error && typeof error.status === 'number' && error.status < 500
    ? new AppError(error.status === 404 ? 'not-found' : 'bad-request', undefined, { cause: error })
    : error;

const securityHeaders = (): RequestHandler =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // Mantine and React Flow set inline styles.
        styleSrc: ["'self'", "'unsafe-inline'"],
        // Images in files are previewed from memory.
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'", 'ws:', 'wss:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // Meaningless over plain HTTP on this machine. A proxy that serves HTTPS sets its own.
    strictTransportSecurity: false,
  });

/** Links to reviews and shared workflows are capabilities, so their tokens are not logged. */
const pathForLog = (url: string): string | undefined => url.replace(/^(\/r|\/shared|\/api\/shared)\/[^/?]+/i, '$1/…').split('?')[0];

/** One line per request. Reads are logged at debug, so that open pages don't fill the log. */
const logRequests =
  (log: Log): RequestHandler =>
  (request, response, next) => {
    const began = performance.now();
    response.on('finish', () => {
      const { statusCode: status } = response;
      const line = { method: request.method, path: pathForLog(request.originalUrl), status, ms: Math.round(performance.now() - began) };
      if (status >= 500) log.warn(line, 'request');
      else if (request.method === 'GET') log.debug(line, 'request');
      else log.info(line, 'request');
    });
    next();
  };
