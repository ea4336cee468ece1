import { isPlainObject } from '@switchyard/shared/json.ts';
import { textOf } from '@switchyard/shared/model/chat.ts';
import type { ParameterName, ProviderRequest } from './provider.ts';

/*
 * Sends a request once more without a parameter that the model rejects, or with a translation of it, and remembers it for later calls of
 * that model (S56). In memory, per provider.
 * 1. Only codes and fixed wordings count. Errors quote prompts, so the name of a parameter in a text means nothing.
 * 2. A parameter is remembered once the model has accepted a request without it.
 * 3. The output limit is translated, never left out: budgets rely on it (S63).
 */

export interface Rejection<Q extends ParameterName> {
  readonly name: Q;
  /** The model rejects only this value, so later calls send the parameter again. */
  readonly onlyValue?: boolean;
}

export function createQuirkMemory<Q extends ParameterName>() {
  const models = new Map<string, Set<Q>>();
  const add = (model: string, { name, onlyValue }: Rejection<Q>): void => {
    if (!onlyValue) models.set(model, (models.get(model) ?? new Set<Q>()).add(name));
  };
  return {
    /** Sends a request without what the model is known to reject. `rejected` reads an error, if its parameter can be left out. */
    async ask<T>(
      model: string,
      send: (quirks: ReadonlySet<Q>) => Promise<T>,
      rejected: (thrown: unknown, quirks: ReadonlySet<Q>) => Rejection<Q> | undefined,
    ): Promise<T & { adjusted?: readonly Q[] }> {
      const known = new Set(models.get(model));
      const adjusted = (answer: T, quirks: ReadonlySet<Q>) => ({ ...answer, ...(quirks.size > 0 && { adjusted: [...quirks] }) });
      let first: Rejection<Q> | undefined;
      try {
        return adjusted(await send(known), known);
      } catch (thrown) {
        first = rejected(thrown, known);
        if (!first) throw thrown;
      }
      const more = new Set([...known, first.name]);
      try {
        const answer = adjusted(await send(more), more);
        add(model, first);
        return answer;
      } catch (thrown) {
        // The model got past the first one, so the next call gets further.
        if (rejected(thrown, more)) add(model, first);
        throw thrown;
      }
    },
  };
}

const REJECTED_STATUS = new Set([400, 422]);
const REJECTION_CODES = new Set(['unsupported_parameter', 'unsupported_value', 'unknown_parameter']);
const CONTEXT_TOO_LONG = /context[ _](?:length|window|size)|maximum context|prompt is too long|too many tokens/i;
const LIMITS: readonly string[] = ['max_tokens', 'max_completion_tokens'];

/** How errors name a parameter, if not as the protocol does. */
const OTHER_NAMES: Readonly<Partial<Record<ParameterName, string>>> = {
  response_format: '(?:response[ _]formats?(?:\\.type)?[ :]{0,2})?(?:json[ _]schema|structured outputs?)|response[ _]formats?(?:\\.type)?',
  system: 'system (?:role|message|prompt|instruction)s?',
  tool_choice: 'tool_choice|tools|tool (?:use|calling|choice)',
};

const GATEWAY = '^(?:[\\w.]+(?:Error|Exception)(?:: ?| - ))*';
const NOT_SUPPORTED =
  "(?:is|are) (?:not |un|no longer )(?:supported|allowed|permitted|enabled|available|recognized)|(?:is|are) deprecated|(?:does not|doesn't) support\\b";

/** The wordings in which servers reject a parameter, from the start of the message. */
function wordings(name: string): RegExp[] {
  const quoted = `[\`'"(\\[]{0,2}(?:${name})[\`'")\\]]{0,2}`;
  const kind = '(?:request )?(?:parameter|argument|field|value|key|option|property|input|keyword)s?';
  return [
    `(?:unsupported|unknown|unrecognized|unexpected)(?: ${kind})?(?: supplied| given| provided)?:? ${quoted}(?![\\w.-])`,
    `extra (?:inputs|fields) not permitted: ${quoted}(?![\\w.-])`,
    `invalid ${kind}: ${quoted}.{0,40} (?:${NOT_SUPPORTED})`,
    `(?:the )?(?:${kind} )?${quoted}(?: ${kind})? (?:${NOT_SUPPORTED}|not supported)`,
    `${quoted}: extra inputs are not permitted`,
    `(?:(?:this|the|your) )?(?:model )?[\`'"“]?[\\w./:-]{1,100}[\`'"”]? (?:does not|doesn't) support (?:this |the )?(?:${kind}:? )?${quoted}(?![\\w.-])`,
    `\\[\\{'type': 'extra_forbidden', 'loc': \\('body', '(?:${name})'`,
  ].map((wording) => new RegExp(`${GATEWAY}${wording}`, 'i'));
}

const WORDINGS = new Map<string, RegExp[]>();
function wordingsOf(name: ParameterName): RegExp[] {
  const known = WORDINGS.get(name) ?? wordings(OTHER_NAMES[name] ?? name);
  WORDINGS.set(name, known);
  return known;
}

const ODD_SCHEMA = /^(?:Invalid schema for response_format|(?:failed to|could not|cannot) (?:parse|compile|initialize|convert).{0,30}\b(?:grammar|schema))/i;

/** The parameter that the error of an SDK rejects, if it was sent and can be left out or translated. */
export function rejectedParameter<Q extends ParameterName>(
  thrown: unknown,
  { request, sent, quirks }: { readonly request: ProviderRequest; readonly sent: readonly Q[]; readonly quirks: ReadonlySet<Q> },
): Rejection<Q> | undefined {
  const { code, param, message } = errorIn(thrown);
  if (message === undefined || CONTEXT_TOO_LONG.test(`${code} ${message}`)) return undefined;
  const isQuoted = (words: string): boolean => request.messages.some((one) => textOf(one).toLowerCase().includes(words.toLowerCase()));
  const isWorded = (name: Q): boolean =>
    wordingsOf(name).some((wording) => {
      const words = wording.exec(message)?.[0];
      return words !== undefined && !isQuoted(words);
    });
  const isCoded = (name: Q): boolean =>
    REJECTION_CODES.has(code) && (param === name || param.startsWith(`${name}.`) || (name === 'system' && /^messages.*role$/.test(param)));
  const name = sent.find((one) => isCoded(one)) ?? sent.find(isWorded);
  const isTranslated = LIMITS.some((limit) => quirks.has(limit as Q));
  if (name !== undefined) return LIMITS.includes(name) && isTranslated ? undefined : { name };
  const format = sent.find((one) => one === 'response_format');
  return format && ODD_SCHEMA.test(message) ? { name: format, onlyValue: true } : undefined;
}

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The fields of an error, as `{error}` or `{error: {error}}`. No message: it isn't the rejection of a request. */
function errorIn(thrown: unknown): { code: string; param: string; message: string | undefined } {
  const { status, error: body } = thrown instanceof Error ? (thrown as Error & { status?: unknown; error?: unknown }) : {};
  const error = isPlainObject(body) && isPlainObject(body.error) ? body.error : body;
  if (!REJECTED_STATUS.has(Number(status)) || !isPlainObject(error)) return { code: '', param: '', message: undefined };
  return { code: textIn(error.code), param: textIn(error.param), message: textIn(error.message).replaceAll('’', "'") };
}
