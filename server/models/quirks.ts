import type { AppError } from '@switchyard/shared/errors.ts';
import type { ParameterName } from './provider.ts';

/*
 * Remembers what a server or one of its models rejects (S56). The call is sent again without the parameter, or with a translation of it,
 * and later calls of that model omit it from the start. In memory, per provider.
 */

export interface QuirkMemory<Q extends ParameterName> {
  /** The parameters that the model is known to reject. */
  of(model: string): ReadonlySet<Q>;
  add(model: string, quirk: Q): void;
}

export function createQuirkMemory<Q extends ParameterName>(): QuirkMemory<Q> {
  const models = new Map<string, Set<Q>>();
  return {
    of: (model) => models.get(model) ?? new Set(),
    add: (model, quirk) => models.set(model, (models.get(model) ?? new Set<Q>()).add(quirk)),
  };
}

/** Other words by which servers name a parameter in an error. */
const OTHER_WORDS: Readonly<Partial<Record<ParameterName, RegExp>>> = {
  response_format: /json_schema|grammar|structured output/i,
  system: /system (role|message|prompt|instruction)s?\b.{0,40}\b(not|n't|un)|role[^a-z]{0,3}system/i,
  tool_choice: /tools? (use|calling)?\s*(is|are) not|does not support tools?/i,
};

/**
 * The parameter that a rejected request complains about, if it was sent and is not known yet. The error must identify it, by its name or
 * another word for it.
 */
export function rejectedParameter<Q extends ParameterName>(error: AppError, sent: readonly Q[], known: ReadonlySet<Q>): Q | undefined {
  if (error.code !== 'provider-refused') return undefined;
  const isNamed = (name: Q): boolean => new RegExp(`\\b${name}\\b`).test(error.message) && name !== 'system';
  return sent.find((name) => !known.has(name) && (isNamed(name) || OTHER_WORDS[name]?.test(error.message)));
}
