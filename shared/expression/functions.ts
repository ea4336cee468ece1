/** A function as completion shows it. */
export interface ExpressionFunction {
  readonly name: string;
  /** How it is called: as a method of `text`, `list`, `object`, `time`, `optional`, or by itself. */
  readonly signature: string;
  readonly doc: string;
  readonly example: string;
}

type Row = readonly [signature: string, doc: string, example: string];

const ROWS: readonly Row[] = [
  ['size(value)', 'How many characters, elements or members it has.', 'size(input.items)'],
  ['has(object.member)', 'Whether the member is there.', 'has(input.tier)'],
  ['optional.orValue(other)', 'The value, or the other one if it is missing. A null stays null.', 'input.?tier.orValue("free")'],
  ['optional.orDefault(other)', 'The value, or the other one if it is missing or null.', 'input.?customer.?tier.orDefault("free")'],
  ['optional.hasValue()', 'Whether there is a value.', 'input.?tier.hasValue()'],

  ['text.contains(part)', 'Whether the part is somewhere in the text.', 'input.message.contains("refund")'],
  ['text.startsWith(part)', 'Whether the text begins with the part.', 'input.message.startsWith("Re:")'],
  ['text.endsWith(part)', 'Whether the text ends with the part.', 'input.message.endsWith("?")'],
  ['text.matches(pattern)', 'Whether the regular expression (RE2) is found in the text.', 'input.message.matches("(?i)invoice\\\\s+\\\\d+")'],
  ['text.lower()', 'The text in small letters.', 'input.message.lower()'],
  ['text.upper()', 'The text in capitals.', 'input.message.upper()'],
  ['text.trim()', 'The text without white space at both ends.', 'input.message.trim()'],
  ['text.replace(part, other)', 'The text with every such part replaced.', 'input.message.replace("\\n", " ")'],
  ['text.split(separator)', 'The parts between separators, as a list.', 'input.message.split(" ")'],
  ['text.substring(from, to)', 'The characters from one place up to, but without, another. The first is 0.', 'input.message.substring(0, 4)'],
  ['text.indexOf(part)', 'Where the part begins; -1 when it is not there.', 'input.message.indexOf("@")'],
  ['text.truncate(length)', 'The text, cut to this many characters with … at its end.', 'input.message.truncate(200)'],

  ['list.exists(x, condition)', 'Whether the condition holds for one element or more.', 'input.items.exists(x, x.price > 100)'],
  ['list.all(x, condition)', 'Whether the condition holds for every element.', 'input.items.all(x, x.price > 0)'],
  ['list.filter(x, condition)', 'The elements for which the condition holds.', 'input.items.filter(x, x.price > 100)'],
  ['list.map(x, value)', 'A list of what each element gives.', 'input.items.map(x, x.name)'],
  ['list.join(separator)', 'The elements as one text.', 'input.items.map(x, x.name).join(", ")'],
  ['list.sort()', 'Numbers or texts in rising order.', 'input.items.map(x, x.name).sort()'],
  ['list.unique()', 'The list without repetitions.', 'input.items.map(x, x.name).unique()'],
  ['list.reverse()', 'The list from its end to its beginning.', 'input.items.reverse()'],
  ['list.slice(from, to)', 'The elements from one place up to, but without, another. The first is 0.', 'input.items.slice(0, 3)'],
  ['list.flatten()', 'A list of lists as one list.', '[[1], [2, 3]].flatten()'],
  ['sum(list)', 'All numbers of the list together.', 'sum(input.items.map(x, x.price))'],
  ['min(list)', 'The least number of the list; also min(a, b).', 'min(input.items.map(x, x.price))'],
  ['max(list)', 'The greatest number of the list; also max(a, b).', 'max(input.items.map(x, x.price))'],
  ['object.keys()', 'The names of the members.', 'input.keys()'],
  ['object.values()', 'The values of the members.', 'input.values()'],

  ['round(number, digits)', 'The number with so many digits behind the point; a whole number without the second.', 'round(2.345, 1)'],
  ['floor(number)', 'The whole number at or below.', 'floor(2.7)'],
  ['ceil(number)', 'The whole number at or above.', 'ceil(2.1)'],
  ['abs(number)', 'The number without its sign.', 'abs(-2)'],
  ['int(value)', 'The whole number in a text, or a number without what is behind its point.', 'int("42")'],
  ['double(text)', 'The number in a text.', 'double("4.5")'],

  ['string(value)', 'Any value as text; objects and lists as JSON.', 'string(input.count)'],
  ['toJson(value)', 'Any value as JSON text.', 'toJson(input)'],
  ['parseJson(text)', 'The value that a JSON text stands for.', 'parseJson("[1, 2]")'],
  ['type(value)', 'The kind of a value, to compare with string, double, bool, list or map.', 'type(input.count) == double'],
  ['timestamp(text)', 'A time of ISO 8601 text, or of seconds since 1970.', 'timestamp("2026-01-31T12:00:00Z")'],
  ['duration(text)', 'A span of time: h, m, s, ms.', 'duration("36h")'],
  [
    'time.getHours(zone)',
    'The hour; also getMinutes, getDayOfWeek, getDate, getMonth (from 0), getFullYear.',
    'timestamp("2026-01-31T12:00:00Z").getHours("Europe/Berlin")',
  ],
  ['cel.bind(name, value, expression)', 'Gives a value a name within the expression.', 'cel.bind(n, size(input.items), n > 1 && n < 10)'],
];

const nameIn = (signature: string): string => /(\w+)\(/.exec(signature)?.[1] ?? signature;

/** The functions for completion, the language's own and ours, in the order they are shown. */
export const EXPRESSION_FUNCTIONS: readonly ExpressionFunction[] = ROWS.map(([signature, doc, example]) => ({
  name: nameIn(signature),
  signature,
  doc,
  example,
}));
