import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';
import { referenced } from '@switchyard/shared/json-schema/references.ts';
import { validateJson } from '@switchyard/shared/json-schema/validate.ts';

/*
 * Generates values that match a JSON Schema, and values that don't, from a seed.
 */

export type Random = (below: number) => number;

export function seeded(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export const pick = <T>(random: Random, from: readonly T[]): T => from[random(from.length)] as T;

/** Texts for many patterns; the generator skips those that a schema does not allow. Every URL is on this machine. */
const TEXTS = [
  'a',
  'Ünï “x” 😀',
  "'; DROP TABLE runs; --",
  '<b>&amp;</b>',
  'tenant:acme',
  'x-id',
  'v1=',
  'http://127.0.0.1:9/v1',
  '2026-01-31T09:00:00.000Z',
  '0'.repeat(64),
  '1',
  'sMjAyNg.eA',
  'd7ff8000000000000.',
  'n.-_',
  't.eA',
  '__proto__',
  '*',
  '',
];
const ANYTHING: readonly unknown[] = ['text', 5, -0.5, true, null, [1, 'a'], { a: { b: [] } }, { message: 'Hi' }, { $ref: '#/nowhere' }];

export class Generator {
  readonly #random: Random;
  readonly #root: JsonSchema;

  /** `root` is the document that references refer to. */
  constructor(random: Random, root: JsonSchema) {
    this.#random = random;
    this.#root = root;
  }

  /** The schema with its references resolved. */
  whole(schema: JsonSchema): JsonSchema {
    return { ...schema, components: this.#root.components };
  }

  fits(schema: JsonSchema, value: unknown): boolean {
    return validateJson(this.whole(schema), value).length === 0;
  }

  /** A value that matches; undefined if none is found. */
  valid(of: unknown): unknown {
    if (!isPlainObject(of)) return pick(this.#random, ANYTHING);
    if (of.$ref !== undefined) return this.valid(referenced(this.#root, of.$ref));
    const choices = [of.anyOf, of.oneOf].find(Array.isArray);
    if (choices) return this.valid(pick(this.#random, choices));
    if ('const' in of) return of.const;
    if (Array.isArray(of.enum)) return pick(this.#random, of.enum);
    const type = Array.isArray(of.type) ? pick(this.#random, of.type) : of.type;
    if (type === 'object') return this.#object(of);
    if (type === 'array') return this.#list(of);
    if (type === 'string') return this.#text(of);
    if (type === 'integer' || type === 'number') return this.#number(of, type === 'integer');
    if (type === 'boolean') return this.#random(2) === 0;
    return type === 'null' ? null : pick(this.#random, ANYTHING);
  }

  #object(of: JsonSchema): Record<string, unknown> {
    const required = Array.isArray(of.required) ? of.required : [];
    const entries = Object.entries(isPlainObject(of.properties) ? of.properties : {})
      .filter(([name]) => required.includes(name) || this.#random(2) === 0)
      .map(([name, one]) => [name, this.valid(one)] as const)
      .filter(([, value]) => value !== undefined);
    if (isPlainObject(of.additionalProperties) && this.#random(2) === 0) {
      const name = isPlainObject(of.propertyNames) ? this.valid({ type: 'string', ...of.propertyNames }) : 'extra';
      const value = this.valid(of.additionalProperties);
      if (typeof name === 'string' && value !== undefined) return Object.fromEntries([...entries, [name, value]]);
    }
    return Object.fromEntries(entries);
  }

  #list(of: JsonSchema): unknown[] {
    const least = Number(of.minItems ?? 0);
    const most = Math.min(Number(of.maxItems ?? least + 2), least + 2);
    return Array.from({ length: least + this.#random(most - least + 1) }, () => this.valid(of.items ?? {})).filter((value) => value !== undefined);
  }

  #text(of: JsonSchema): unknown {
    const texts = [...TEXTS, 'x'.repeat(Math.min(Number(of.minLength ?? 1), 10_000)), 'y'.repeat(Math.min(Number(of.maxLength ?? 1), 10_000))];
    const fitting = texts.filter((text) => this.fits(of, text));
    return fitting.length === 0 ? undefined : pick(this.#random, fitting);
  }

  #number(of: JsonSchema, whole: boolean): number {
    const least = Number(of.minimum ?? of.exclusiveMinimum ?? -1_000);
    const most = Math.min(Number(of.maximum ?? 1_000), Math.max(least, -1_000) + 2_000);
    const found = pick(this.#random, [Math.max(least, Math.min(0, most)), Math.max(least, -1_000), most]);
    return whole ? Math.ceil(found) : found;
  }

  /** An object with one mistake; undefined if the change happens to match. */
  invalid(of: JsonSchema, value: Record<string, unknown>): unknown {
    const names = Object.keys(isPlainObject(of.properties) ? of.properties : {});
    const name = names.length > 0 ? pick(this.#random, names) : 'unknown';
    const { [name]: _gone, ...without } = value;
    const changed = pick(this.#random, [
      { ...value, 'no such field': 1 },
      { ...value, [name]: pick(this.#random, [{}, [], 5, 'no such value', true, null]) },
      without,
      'text',
      [],
    ]);
    return this.fits(of, changed) ? undefined : changed;
  }
}
