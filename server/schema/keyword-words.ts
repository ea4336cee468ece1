/** What a keyword of JSON Schema wants, in words for whoever sent the value. */
type Words = (params: Readonly<Record<string, unknown>>) => string | undefined;

const TYPES: ReadonlyMap<unknown, string> = new Map([
  ['string', 'text'],
  ['number', 'a number'],
  ['integer', 'a whole number'],
  ['boolean', 'true or false'],
  ['object', 'an object'],
  ['array', 'a list'],
  ['null', 'null'],
]);

const FORMATS: ReadonlyMap<unknown, string> = new Map([
  ['date', 'a date such as 2026-01-31'],
  ['date-time', 'a date and time with its zone, such as 2026-01-31T09:00:00Z'],
  ['time', 'a time with its zone, such as 09:00:00Z'],
  ['email', 'an e-mail address'],
  ['uri', 'an address such as https://example.com/page'],
  ['uuid', 'a UUID'],
]);

const typeWords: Words = ({ type }) =>
  `must be ${[type]
    .flat()
    .flatMap((one) => TYPES.get(one) ?? String(one))
    .join(' or ')}`;
const formatWords: Words = ({ format }) => {
  const wanted = FORMATS.get(format);
  return wanted && `must be ${wanted}`;
};
const length =
  (bound: string, one: string, many: string): Words =>
  ({ limit }) =>
    limit === 1 && bound === 'at least' ? 'must not be empty' : `must have ${bound} ${limit} ${limit === 1 ? one : many}`;
const bounded =
  (bound: string): Words =>
  ({ limit }) =>
    `must be ${bound} ${limit}`;

const WORDS: ReadonlyMap<string, Words> = new Map([
  ['type', typeWords],
  ['format', formatWords],
  ['enum', ({ allowedValues }) => `must be one of ${(allowedValues as unknown[]).map((value) => JSON.stringify(value)).join(', ')}`],
  ['const', ({ allowedValue }) => `must be ${JSON.stringify(allowedValue)}`],
  ['minLength', length('at least', 'character', 'characters')],
  ['maxLength', length('at most', 'character', 'characters')],
  ['minItems', length('at least', 'entry', 'entries')],
  ['maxItems', length('at most', 'entry', 'entries')],
  ['minimum', bounded('at least')],
  ['maximum', bounded('at most')],
  ['exclusiveMinimum', bounded('more than')],
  ['exclusiveMaximum', bounded('less than')],
]);

/** Says what a value had to be; undefined for keywords that have no words here. `params` are those of Ajv's error. */
export const keywordWords = (keyword: string, params: Readonly<Record<string, unknown>>): string | undefined => WORDS.get(keyword)?.(params);
