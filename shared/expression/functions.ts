/** A function as autocomplete shows it. */
export interface ExpressionFunction {
  readonly name: string;
  /** How it is called: as a method of `text`, `list`, `object`, `time`, or `optional`, or as a plain function. */
  readonly signature: string;
  readonly doc: string;
  readonly example: string;
}

type Row = readonly [signature: string, doc: string, example: string];

const ROWS: readonly Row[] = [
  ['size(value)', 'The number of characters, items, or fields.', 'size(input.items)'],
  ['has(object.member)', 'Whether the field exists.', 'has(input.tier)'],
  ['optional.orValue(other)', 'The value, or the other one if it is missing. Keeps null.', 'input.?tier.orValue("free")'],
  ['optional.orDefault(other)', 'The value, or the other one if it is missing or null.', 'input.?customer.?tier.orDefault("free")'],
  ['optional.hasValue()', 'Whether there is a value.', 'input.?tier.hasValue()'],

  ['text.contains(part)', 'Whether the text contains the part.', 'input.message.contains("refund")'],
  ['text.startsWith(part)', 'Whether the text starts with the part.', 'input.message.startsWith("Re:")'],
  ['text.endsWith(part)', 'Whether the text ends with the part.', 'input.message.endsWith("?")'],
  ['text.matches(pattern)', 'Whether the text matches the regular expression (RE2).', 'input.message.matches("(?i)invoice\\\\s+\\\\d+")'],
  ['text.lower()', 'The text in lowercase.', 'input.message.lower()'],
  ['text.upper()', 'The text in uppercase.', 'input.message.upper()'],
  ['text.trim()', 'The text without whitespace at both ends.', 'input.message.trim()'],
  ['text.replace(part, other)', 'The text with every occurrence of the part replaced.', 'input.message.replace("\\n", " ")'],
  ['text.split(separator)', 'The parts between the separators, as a list.', 'input.message.split(" ")'],
  ['text.substring(from, to)', 'The characters between two positions, without the last. The first is 0.', 'input.message.substring(0, 4)'],
  ['text.indexOf(part)', 'The position where the part starts, or -1 if it is missing.', 'input.message.indexOf("@")'],
  ['text.truncate(length)', 'The text, cut to this many characters and ending with ….', 'input.message.truncate(200)'],

  ['list.exists(x, condition)', 'Whether the condition is true for at least one item.', 'input.items.exists(x, x.price > 100)'],
  ['list.all(x, condition)', 'Whether the condition is true for every item.', 'input.items.all(x, x.price > 0)'],
  ['list.filter(x, condition)', 'The items for which the condition is true.', 'input.items.filter(x, x.price > 100)'],
  ['list.map(x, value)', 'A list of the value for each item.', 'input.items.map(x, x.name)'],
  ['list.join(separator)', 'The items joined into one text.', 'input.items.map(x, x.name).join(", ")'],
  ['list.sort()', 'Numbers or texts in ascending order.', 'input.items.map(x, x.name).sort()'],
  ['list.unique()', 'The list without duplicates.', 'input.items.map(x, x.name).unique()'],
  ['list.reverse()', 'The list in reverse order.', 'input.items.reverse()'],
  ['list.slice(from, to)', 'The items between two positions, without the last. The first is 0.', 'input.items.slice(0, 3)'],
  ['list.flatten()', 'A list of lists as one list.', '[[1], [2, 3]].flatten()'],
  ['sum(list)', 'The sum of the numbers in the list.', 'sum(input.items.map(x, x.price))'],
  ['min(list)', 'The smallest number in the list. Also min(a, b).', 'min(input.items.map(x, x.price))'],
  ['max(list)', 'The largest number in the list. Also max(a, b).', 'max(input.items.map(x, x.price))'],
  ['object.keys()', 'The names of the fields.', 'input.keys()'],
  ['object.values()', 'The values of the fields.', 'input.values()'],

  ['round(number, digits)', 'The number rounded to this many decimal places. Without the second argument, a whole number.', 'round(2.345, 1)'],
  ['floor(number)', 'The number rounded down to a whole number.', 'floor(2.7)'],
  ['ceil(number)', 'The number rounded up to a whole number.', 'ceil(2.1)'],
  ['abs(number)', 'The absolute value.', 'abs(-2)'],
  ['int(value)', 'The whole number in a text, or a number without its decimal places.', 'int("42")'],
  ['double(text)', 'The number in a text.', 'double("4.5")'],

  ['string(value)', 'Any value as text. Objects and lists become JSON.', 'string(input.count)'],
  ['toJson(value)', 'Any value as JSON text.', 'toJson(input)'],
  ['parseJson(text)', 'The value of a JSON text.', 'parseJson("[1, 2]")'],
  ['type(value)', 'The type of a value, to compare with string, double, bool, list, or map.', 'type(input.count) == double'],
  ['timestamp(text)', 'A time from ISO 8601 text, or from seconds since 1970.', 'timestamp("2026-01-31T12:00:00Z")'],
  ['duration(text)', 'A duration in h, m, s, or ms.', 'duration("36h")'],
  [
    'time.getHours(zone)',
    'The hour. Also getMinutes, getDayOfWeek, getDate, getMonth (from 0), getFullYear.',
    'timestamp("2026-01-31T12:00:00Z").getHours("Europe/Berlin")',
  ],
  ['cel.bind(name, value, expression)', 'Names a value within the expression.', 'cel.bind(n, size(input.items), n > 1 && n < 10)'],
];

const nameIn = (signature: string): string => /(\w+)\(/.exec(signature)?.[1] ?? signature;

/** The functions for autocomplete, the language's and ours, in display order. */
export const EXPRESSION_FUNCTIONS: readonly ExpressionFunction[] = ROWS.map(([signature, doc, example]) => ({
  name: nameIn(signature),
  signature,
  doc,
  example,
}));
