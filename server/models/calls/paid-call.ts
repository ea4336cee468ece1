import { type ChatMessage, textOf } from '@switchyard/shared/model/chat.ts';
import type { Usage } from '@switchyard/shared/run/events.ts';
import { addUsage } from '@switchyard/shared/run/usage.ts';
import { costOf, priceOf } from '../price.ts';
import type { ProviderAnswer, ProviderRequest } from '../provider.ts';
import type { Asked, Call } from './call.ts';

/** Tokens of a message besides its text. */
const MESSAGE_OVERHEAD = 16;
/** More than an image takes with most models. */
const IMAGE_TOKENS = 3_000;
/**
 * The assumed answer limit of a request without one. No such limit is sent, so a longer answer can cost more than was reserved; it is
 * settled in full (`overrunMicros`).
 */
const DEFAULT_MAX_TOKENS = 4_096;
const FREE = { input: 0, output: 0 };

/** An upper bound of a request's tokens: each token is at least one byte (S63). */
const mostInput = ({ messages, schema, tools }: ProviderRequest): number =>
  messages.reduce((sum, message) => sum + MESSAGE_OVERHEAD + Buffer.byteLength(textOf(message)) + tokensOfParts(message), 0) +
  (schema ? Buffer.byteLength(JSON.stringify(schema)) : 0) +
  (tools ? Buffer.byteLength(JSON.stringify(tools)) : 0);

/** An upper bound for the parts of a message besides text. A file counts by its size, an image by a fixed number. */
const tokensOfParts = ({ content }: ChatMessage): number =>
  content.reduce((sum, part) => {
    if (part.type === 'tool-call' || part.type === 'tool-result') return sum + Buffer.byteLength(JSON.stringify(part));
    if (part.type === 'image') return sum + IMAGE_TOKENS;
    return part.type === 'file' ? sum + IMAGE_TOKENS + Math.ceil(part.data.length * 0.75) : sum;
  }, 0);

/** An estimate of a request’s tokens and its answer’s: four bytes per token. */
export const likelyTokens = (request: ProviderRequest): number => Math.ceil(mostInput(request) / 4) + (request.maxTokens ?? 0);

/**
 * Reserves the cost of a provider call before it, and begins to settle what it used after. A call is sent only once its reservation and its start
 * are on disk; both are written at the same time. `ask` reports the usage of a response that broke off, so
 * failed and aborted calls pay for what was generated (S60).
 */
export async function paidFor(
  call: Call,
  { target, access, request, limit }: Asked,
  ask: (onLost: (usage: Usage) => void) => Promise<ProviderAnswer>,
  onPaid: (usage: Usage, costMicros: number | null) => void,
): Promise<ProviderAnswer> {
  const { spending, spent, prices } = call;
  const at = new Date(call.now()).toISOString();
  const price = (model: string) => (access.kind === 'demo' ? FREE : priceOf(prices, { model, connectionId: target.connectionId, at }));
  const tokens = { input: mostInput(request), output: request.maxTokens ?? DEFAULT_MAX_TOKENS };
  const reservation = await spending.reserve({ ...spent, model: target.model, price: price(target.model), tokens, signal: limit.signal });
  const settle = (usage: Usage | undefined): void => {
    const settled = reservation.settle(usage);
    // The call waits for it, and fails with its error.
    settled.catch(() => undefined);
    call.settling.push(settled);
  };
  await call.recorded.catch((thrown: unknown) => {
    settle(undefined);
    throw thrown;
  });
  const pay = (model: string, usage: Usage): void => {
    // A gateway may report a different model than the requested one.
    const paid = price(model) ?? price(target.model);
    call.price = paid;
    const cost = paid ? costOf(paid, usage) : null;
    if (cost === null) call.unpriced = true;
    else call.cost += cost;
    call.usage = addUsage(call.usage, usage);
    onPaid(usage, cost);
    settle(usage);
  };
  let lost: Usage | undefined;
  let answer: ProviderAnswer;
  limit.start();
  try {
    answer = await ask((usage) => {
      lost = usage;
    });
  } catch (thrown) {
    if (lost) pay(target.model, lost);
    else settle(undefined);
    throw thrown;
  }
  pay(answer.model, answer.usage);
  return answer;
}
