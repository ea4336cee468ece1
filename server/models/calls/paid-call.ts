import { type ChatMessage, textOf } from '@switchyard/shared/model/chat.ts';
import { costOf, priceOf } from '../price.ts';
import type { ProviderAnswer, ProviderRequest } from '../provider.ts';
import type { Asked, Call } from './call.ts';

/** Tokens of a message besides its text. */
const MESSAGE_OVERHEAD = 16;
/** The assumed answer limit of a request without one. */
const DEFAULT_MAX_TOKENS = 4_096;
const FREE = { input: 0, output: 0 };

/** An upper bound of a request's tokens: each token is at least one byte (S63). */
const mostInput = ({ messages, schema, tools }: ProviderRequest): number =>
  messages.reduce((sum, message) => sum + MESSAGE_OVERHEAD + Buffer.byteLength(textOf(message)) + bytesOfTools(message), 0) +
  (schema ? Buffer.byteLength(JSON.stringify(schema)) : 0) +
  (tools ? Buffer.byteLength(JSON.stringify(tools)) : 0);

const bytesOfTools = ({ content }: ChatMessage): number =>
  content.reduce((sum, part) => sum + (part.type === 'tool-call' || part.type === 'tool-result' ? Buffer.byteLength(JSON.stringify(part)) : 0), 0);

/** An estimate of a request’s tokens and its answer’s: four bytes per token. */
export const likelyTokens = (request: ProviderRequest): number => Math.ceil(mostInput(request) / 4) + (request.maxTokens ?? 0);

/** Reserves the cost of a provider call before it, and settles it after. */
export async function paidFor(call: Call, { target, access, request, limit: { signal } }: Asked, ask: () => Promise<ProviderAnswer>): Promise<ProviderAnswer> {
  const { spending, spent, prices } = call;
  const at = new Date(call.now()).toISOString();
  const price = (model: string) => (access.kind === 'demo' ? FREE : priceOf(prices, { model, connectionId: target.connectionId, at }));
  const tokens = { input: mostInput(request), output: request.maxTokens ?? DEFAULT_MAX_TOKENS };
  const reservation = await spending.reserve({ ...spent, model: target.model, price: price(target.model), tokens, signal });
  try {
    const answer = await ask();
    // A gateway may report a different model than the requested one.
    const paid = price(answer.model) ?? price(target.model);
    if (paid) call.cost += costOf(paid, answer.usage);
    else call.unpriced = true;
    await reservation.settle(answer.usage);
    return answer;
  } catch (thrown) {
    await reservation.settle(undefined);
    throw thrown;
  }
}
