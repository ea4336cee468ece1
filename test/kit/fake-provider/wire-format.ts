import { isPlainObject } from '@switchyard/shared/json.ts';

/** A request in the terms of both protocols. */
export interface FakeCall {
  readonly protocol: 'openai' | 'anthropic';
  readonly model: string;
  readonly stream: boolean;
  readonly messages: readonly { readonly role: string; readonly text: string }[];
  /** The full body. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly details: UsageDetails | undefined;
}

/** Tokens that the usage reports separately. */
export interface UsageDetails {
  /** Of the prompt. */
  readonly cached: number;
  /** Only in Anthropic’s format. */
  readonly written?: number;
  /** Of the answer. Anthropic doesn’t report it. */
  readonly reasoning: number;
}

/** How one protocol writes a response. */
export interface WireFormat {
  whole(call: FakeCall, text: string): unknown;
  /** The parts of the stream: before the words, for each word, and after them. */
  start(call: FakeCall): string;
  word(call: FakeCall, text: string): string;
  end(call: FakeCall, text: string): string;
  error(status: number, message: string): unknown;
}

export const tokensOf = (text: string): number => Math.ceil(text.length / 4);
export const promptTokens = (call: FakeCall): number => tokensOf(call.messages.map(({ text }) => text).join('\n'));

const textIn = (content: unknown): string => {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: unknown) => (isPlainObject(part) && typeof part.text === 'string' ? part.text : '')).join('');
};

/** Parses the body of either protocol. */
export function readCall({ protocol, body, headers, details }: Pick<FakeCall, 'protocol' | 'body' | 'headers' | 'details'>): FakeCall {
  const listed = Array.isArray(body.messages) ? body.messages.filter(isPlainObject) : [];
  const messages = listed.map((message) => ({ role: String(message.role), text: textIn(message.content) }));
  const system = body.system === undefined ? [] : [{ role: 'system', text: textIn(body.system) }];
  return { protocol, model: String(body.model), stream: body.stream === true, messages: [...system, ...messages], body, headers, details };
}
