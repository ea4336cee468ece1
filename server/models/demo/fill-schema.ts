import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';
import { followed } from '@switchyard/shared/json-schema/references.ts';
import { chooseLabel, type LabelChoice } from './choose-label.ts';
import { closeSentences, fieldCalled, fillString } from './fill-string.ts';
import { keywords, type Reading, splitSentences } from './reading.ts';
import { pressure, related, tellingWords } from './words.ts';

/** The inputs for filling a schema. */
export interface Ground {
  readonly reading: Reading;
  /** What the request says about each enum value. */
  readonly about: ReadonlyMap<string, string>;
  readonly root: JsonSchema;
  /** How many more values to create. A schema whose parts refer to each other could require any number. */
  readonly budget: { left: number };
}

interface Place {
  readonly name: string;
  readonly depth: number;
  /** The choice made next to this value, for its reason and confidence. */
  readonly choice?: LabelChoice;
}

const MAX_DEPTH = 24;
/** Deeper than this, only required parts are filled: a schema may contain itself. */
const DEEP = 5;
/** The maximum number of combined schemas to merge. */
const MOST_PARTS = 500;
const asSchema = (value: unknown): JsonSchema | undefined => (isPlainObject(value) ? value : undefined);
const schemasIn = (value: unknown): JsonSchema[] => (Array.isArray(value) ? value.filter(isPlainObject) : []);
const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** Follows references and merges `allOf`, each schema once. */
function resolved(schema: JsonSchema, root: JsonSchema, seen = new Set<unknown>()): JsonSchema {
  if (seen.has(schema) || seen.size > MOST_PARTS) return {};
  seen.add(schema);
  if (schema.$ref !== undefined) {
    const target = followed(schema, root);
    return resolved(schema.description === undefined ? target : { ...target, description: schema.description }, root, seen);
  }
  const { allOf, ...rest } = schema;
  const parts = [rest, ...schemasIn(allOf).map((part) => resolved(part, root, seen))];
  if (parts.length === 1) return rest;
  const properties = Object.assign({}, ...parts.map((part) => part.properties));
  return Object.assign({}, ...parts, { properties, required: parts.flatMap((part) => (Array.isArray(part.required) ? part.required : [])) });
}

/** Values to choose from, with the schema's description of each. Undefined if any value is allowed. */
export function choicesOf(schema: JsonSchema): { value: unknown; about: string }[] | undefined {
  if ('const' in schema) return [{ value: schema.const, about: '' }];
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => ({ value, about: '' }));
  const options = [...schemasIn(schema.oneOf), ...schemasIn(schema.anyOf)];
  if (options.length === 0 || !options.every((option) => 'const' in option)) return undefined;
  return options.map((option) => ({ value: option.const, about: `${option.title ?? ''} ${option.description ?? ''}` }));
}

function chosen(choices: readonly { value: unknown; about: string }[], { reading, about }: Ground): { value: unknown; choice: LabelChoice } {
  const labels = choices.map(({ value }) => String(value));
  const known = new Map(choices.map((choice) => [String(choice.value), `${choice.about} ${about.get(String(choice.value)) ?? ''}`]));
  const graded = gradeOf(labels, reading);
  const choice = graded ?? chooseLabel(reading.material, labels, known);
  return { value: choices.find(({ value }) => String(value) === choice.label)?.value ?? choices[0]?.value, choice };
}

const GRADES = ['lowest', 'trivial', 'low', 'minor', 'normal', 'medium', 'moderate', 'high', 'major', 'urgent', 'critical', 'highest', 'emergency'];

/** Grades such as low, medium, high depend on how urgent the text sounds, not on its words. */
function gradeOf(labels: readonly string[], reading: Reading): LabelChoice | undefined {
  const known = labels.filter((label) => GRADES.includes(label.toLowerCase()));
  if (known.length < 2 || known.length < labels.length) return undefined;
  const sorted = [...known].sort((one, two) => GRADES.indexOf(one.toLowerCase()) - GRADES.indexOf(two.toLowerCase()));
  const label = sorted[Math.min(sorted.length - 1, Math.floor(pressure(reading.material) * sorted.length))] ?? '';
  return { label, confidence: 0.8, words: keywords(reading.material, 2) };
}

const AMOUNT = /(?:[€$£]|\b(?:EUR|USD|GBP|CHF))\s?(\d[\d,]*(?:\.\d+)?)|\b(\d[\d,]*(?:\.\d+)?)\s?(?:[€$£]|(?:EUR|USD|GBP|CHF|euros?|dollars?)\b)/i;

/** A number for this name in the text: in a field, as an amount of money, or by counting the text itself. */
function numberIn(name: string, reading: Reading): number | undefined {
  const called = Number.parseFloat((fieldCalled(name, reading) ?? '').replace(/[^\d.-]/g, ''));
  if (Number.isFinite(called)) return called;
  if (/amount|total|price|sum|cost|value/i.test(name)) {
    const [, after, before] = AMOUNT.exec(reading.material) ?? [];
    const amount = Number.parseFloat((after ?? before ?? '').replaceAll(',', ''));
    if (Number.isFinite(amount)) return amount;
  }
  const words = reading.material.split(/\s+/).length;
  if (/minutes/i.test(name)) return Math.max(1, Math.round(words / 200));
  return /word.?count|length/i.test(name) ? words : undefined;
}

function fillNumber(schema: JsonSchema, { name, choice }: Place, { reading }: Ground): number | null {
  const isShare = /confidence|probability|score|certainty|likelihood|share|ratio/i.test(name);
  const least = number(schema.minimum) ?? number(schema.exclusiveMinimum) ?? 0;
  const most = number(schema.maximum) ?? number(schema.exclusiveMaximum) ?? (isShare ? 1 : 100);
  const known = numberIn(name, reading);
  if (known === undefined && Array.isArray(schema.type) && schema.type.includes('null')) return null;
  const certain = /confidence|probability|certainty/i.test(name) ? (choice?.confidence ?? 0.7) : pressure(reading.material);
  const inBounds = known !== undefined && known >= least && (known <= most || schema.maximum === undefined);
  const step = number(schema.multipleOf) ?? (schema.type === 'integer' ? 1 : 0.01);
  const value = Math.round(Math.round((inBounds ? known : least + (most - least) * certain) / step) * step * 1e6) / 1e6;
  const lowest = schema.exclusiveMinimum === undefined ? least : least + step;
  const highest = schema.exclusiveMaximum === undefined ? most : most - step;
  return Math.max(lowest, inBounds && schema.exclusiveMaximum === undefined ? value : Math.min(highest, value));
}

/** True if the text mentions what the name and description ask about, and doesn't negate it. */
function fillBoolean(schema: JsonSchema, name: string, { reading }: Ground): boolean {
  const called = fieldCalled(name, reading);
  if (called !== undefined) return /^(true|yes|1|on)$/i.test(called);
  const asked = tellingWords(`${name.replace(/([a-z])([A-Z])/g, '$1 $2')} ${schema.description ?? ''}`).filter(
    ({ word }) => !/^(true|false|whether|needs?|requires?|should|is|has)$/i.test(word),
  );
  const wanted = new Set(asked.flatMap(({ stem }) => [stem, ...related(stem)]));
  return reading.sentences.some((sentence) => !/\b(no|not|never)\s+\w+$/i.test(sentence) && tellingWords(sentence).some(({ stem }) => wanted.has(stem)));
}

/** How many items to make of a text, if the schema doesn’t say. */
const MOST_ITEMS = 5;

/** The sentences that a list is about, by its description. Without a description, the first few. */
function sentencesFor(schema: JsonSchema, name: string, reading: Reading): readonly string[] {
  if (typeof schema.description !== 'string') return reading.sentences.slice(0, 3);
  const close = closeSentences(`${name} ${schema.description}`, reading);
  return close.length > 0 || schema.minItems === undefined ? close : reading.sentences.slice(0, 3);
}

function fillArray(schema: JsonSchema, place: Place, ground: Ground): unknown[] {
  const item = resolved(asSchema(schema.items) ?? {}, ground.root);
  const least = number(schema.minItems) ?? 0;
  const most = Math.min(number(schema.maxItems) ?? 5, 20);
  const choices = choicesOf(item);
  if (choices) {
    const fitting = choices.filter(
      ({ value, about }) => chooseLabel(ground.reading.material, [String(value), 'other'], new Map([[String(value), about]])).confidence > 0.5,
    );
    return [...fitting, ...choices.filter((choice) => !fitting.includes(choice))]
      .slice(0, Math.max(least, Math.min(most, fitting.length || 1)))
      .map(({ value }) => value);
  }
  const count = Math.max(least, Math.min(most, place.depth > DEEP ? 0 : MOST_ITEMS));
  const called = fieldCalled(place.name, ground.reading)
    ?.split(/\s*[,;]\s*/)
    .filter(Boolean);
  const short = /tag|keyword|topic|label|categor|hashtag|entit|skill/i.test(place.name);
  const sources =
    called ??
    (short ? keywords(ground.reading.material, Math.max(count, Math.min(most, 5))) : sentencesFor(schema, place.name, ground.reading).slice(0, count));
  if (sources.length === 0 && least === 0 && typeof schema.description === 'string') return [];
  const parts = (sources.length > 0 ? sources : ['nothing said']).slice(0, most);
  while (parts.length < least) parts.push(`${parts[parts.length % sources.length || 0] ?? 'nothing said'} ${parts.length + 1}`);
  return parts.map((part) => {
    const fields = called || short ? new Map([[place.name.toLowerCase(), part]]) : new Map<string, string>();
    const reading: Reading = { ...ground.reading, material: part, sentences: splitSentences(part), fields };
    return fill(item, { name: short || called ? place.name : '', depth: place.depth + 1 }, { ...ground, reading });
  });
}

function fillObject(schema: JsonSchema, place: Place, ground: Ground): Record<string, unknown> {
  const required: unknown[] = Array.isArray(schema.required) ? schema.required : [];
  const named = Object.entries(asSchema(schema.properties) ?? {}).filter(([name]) => place.depth <= DEEP || required.includes(name));
  const properties = named.map(([name, property]) => ({
    name,
    property: resolved(asSchema(property) ?? {}, ground.root),
  }));
  // Choices first: confidence and reason, wherever they appear, refer to the choice next to them.
  const made = new Map<string, { value: unknown; choice: LabelChoice }>();
  for (const { name, property } of properties) {
    const choices = choicesOf(property);
    if (choices && choices.length > 1) made.set(name, chosen(choices, ground));
  }
  const choice = [...made.values()][0]?.choice ?? place.choice;
  const entries = properties.map(({ name, property }): [string, unknown] => {
    const done = made.get(name);
    return [name, done ? done.value : fill(property, { name, depth: place.depth + 1, ...(choice && { choice }) }, ground)];
  });
  return Object.fromEntries(entries);
}

const typeOf = (schema: JsonSchema): string => {
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  const first = types.find((type) => typeof type === 'string' && type !== 'null');
  if (typeof first === 'string') return first;
  if (types[0] === 'null') return 'null';
  if (schema.properties) return 'object';
  return schema.items ? 'array' : 'string';
};

const reasonOf = (choice: LabelChoice): string =>
  choice.words.length > 0
    ? `The text says ${choice.words
        .slice(0, 5)
        .map((word) => `“${word}”`)
        .join(', ')}`
    : 'No word of the text points to one of the choices';

/** Creates a value that matches the schema, based on the request. */
export function fill(unresolved: JsonSchema, place: Place, ground: Ground): unknown {
  if (place.depth > MAX_DEPTH || --ground.budget.left < 0) return null;
  const schema = resolved(unresolved, ground.root);
  const choices = choicesOf(schema);
  if (choices) return chosen(choices, ground).value;
  const options = [...schemasIn(schema.oneOf), ...schemasIn(schema.anyOf)].map((one) => ({ one, isNull: typeOf(resolved(one, ground.root)) === 'null' }));
  if (place.depth > DEEP && options.some(({ isNull }) => isNull)) return null;
  const option = options.find(({ isNull }) => !isNull)?.one;
  if (option) {
    const { oneOf: _one, anyOf: _any, ...common } = schema;
    return fill({ ...common, ...resolved(option, ground.root) }, { ...place, depth: place.depth + 1 }, ground);
  }
  const fillers: Readonly<Record<string, () => unknown>> = {
    object: () => fillObject(schema, place, ground),
    array: () => fillArray(schema, place, ground),
    number: () => fillNumber(schema, place, ground),
    integer: () => fillNumber(schema, place, ground),
    boolean: () => fillBoolean(schema, place.name, ground),
    null: () => null,
  };
  const filler = fillers[typeOf(schema)];
  if (filler) return filler();
  if (place.choice && /reason|rationale|why|justification|explanation/i.test(place.name)) return reasonOf(place.choice);
  return fillString(schema, place.name, ground.reading);
}
