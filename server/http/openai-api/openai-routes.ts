import { AppError } from '@switchyard/shared/errors.ts';
import { type Request, type Response, Router } from 'express';
import type { Log } from '../../log.ts';
import { contextFor, type Installation } from '../../services/context.ts';
import { type CallOptions, type ModelAnswer, type ModelCall, unknownModel, unsupported } from '../../services/openai-api/model-call.ts';
import { callModel, type ListedModel, listModels, type OpenAiApiParts } from '../../services/openai-api/openai-api.ts';
import type { AddressOf } from '../client-address.ts';
import type { HookGate } from '../hooks/hook-gate.ts';
import { type Api, callerOf, demandScope } from '../register.ts';
import { type StreamFormat, streamAnswer } from './answer-stream.ts';
import { chatCompletion, chatCompletionStream } from './chat-reply.ts';
import { readChatRequest } from './chat-request.ts';
import { readJsonBody } from './read-body.ts';
import { responseStream, wholeResponse } from './responses-reply.ts';
import { readResponsesRequest } from './responses-request.ts';

/*
 * The OpenAI-compatible API under /v1. Its requests, responses, and errors have OpenAI's shapes, so its operations have no contracts. Sign-in
 * and limits are those of the rest of the server; requests take their places from the webhooks' gate.
 */

export interface OpenAiRoutesParts extends OpenAiApiParts {
  readonly installation: Installation;
  readonly gate: HookGate;
  readonly addressOf: AddressOf;
  readonly log: Log;
}

/** A request as one endpoint reads it, and how it writes the response. */
interface Exchange {
  readonly call: ModelCall;
  whole(answer: ModelAnswer): unknown;
  readonly format: StreamFormat;
}

export const openAiRoutes =
  (parts: OpenAiRoutesParts) =>
  ({ app }: Api): void => {
    const { installation } = parts;
    const contextOf = (request: Request) => {
      const caller = callerOf(request);
      demandScope(caller, 'run');
      return contextFor(installation, caller);
    };
    const posts: Readonly<Record<string, (body: Record<string, unknown>, now: Date) => Exchange>> = {
      '/chat/completions': chatExchange,
      '/responses': responsesExchange,
    };
    const router = Router();
    for (const [path, read] of Object.entries(posts)) {
      router.post(path, async (request, response) => {
        const context = contextOf(request);
        parts.gate.refuseWhenFull();
        const held = installation.holdBody();
        try {
          const exchange = read(await readJsonBody(request, held), installation.now());
          const leave = parts.gate.enter(exchange.call.model, parts.addressOf(request));
          await answer(response, exchange, (options) => callModel(parts, context, exchange.call, options), parts.log).finally(leave);
        } finally {
          held.release();
        }
      });
    }
    router.get('/models', async (request, response) => {
      send(response, { object: 'list', data: (await listModels(contextOf(request))).map(modelView) });
    });
    router.get('/models/*name', async (request, response) => {
      const name = [request.params.name].flat().join('/');
      const model = (await listModels(contextOf(request))).find(({ id }) => id === name);
      if (!model) throw unknownModel(name);
      send(response, modelView(model));
    });
    router.all('/responses/*rest', () => {
      throw unsupported('id', 'Responses are not stored. Send the whole conversation with each request.');
    });
    router.all([...Object.keys(posts), '/models', '/models/*name'], (request, response) =>
      refuseMethod(request, response, request.path.startsWith('/models') ? 'GET' : 'POST'),
    );
    app.use('/v1', router);
  };

function chatExchange(body: Record<string, unknown>, now: Date): Exchange {
  const read = readChatRequest(body);
  return { call: read.call, whole: (answered) => chatCompletion(read.call.model, answered, now), format: chatCompletionStream(read, now) };
}

function responsesExchange(body: Record<string, unknown>, now: Date): Exchange {
  const read = readResponsesRequest(body);
  return { call: read.call, whole: (answered) => wholeResponse(read, answered, now), format: responseStream(read, now) };
}

/** Answers a request. A caller who disconnects ends the call of a route, and stops waiting for a run. */
async function answer(response: Response, { call, whole, format }: Exchange, ask: (options: CallOptions) => Promise<ModelAnswer>, log: Log): Promise<void> {
  const gone = new AbortController();
  const left = new Promise<never>((_resolve, reject) => {
    response.once('close', () => {
      if (response.writableFinished) return;
      gone.abort();
      reject(new AppError('cancelled', 'The caller disconnected.'));
    });
  });
  const asked = (onDelta: CallOptions['onDelta']): Promise<ModelAnswer> =>
    Promise.race([ask({ signal: gone.signal, onDelta, onRun: ({ runId }) => response.setHeader('x-run-id', runId) }), left]);
  if (call.stream) await streamAnswer(response, format, asked, log);
  else send(response, whole(await asked(() => undefined)));
}

function send(response: Response, value: unknown): void {
  response.setHeader('cache-control', 'no-store');
  response.json(value);
}

const modelView = ({ id, created }: ListedModel) => ({ id, object: 'model', created, owned_by: 'switchyard' });

function refuseMethod(request: Request, response: Response, allowed: string): void {
  response.setHeader('allow', `${allowed}, OPTIONS`);
  if (request.method === 'OPTIONS') response.status(204).end();
  else throw new AppError('method-not-allowed', `/v1${request.path} doesn’t support ${request.method}. Use ${allowed}.`);
}
