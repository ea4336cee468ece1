import { type ImportedRequest, isCredential, isLeftOut, type NamedText, titleOf } from './imported.ts';
import { shellWords } from './shell-words.ts';

/* Reads a curl command as browsers and API docs offer it. Credentials are left out: they belong in a connection. */

/** Short options that take a value. */
const SHORT_WITH_VALUE = 'XHdFuAebomcxETrwyYzCKDQ';
const LONG: Readonly<Record<string, string>> = {
  request: 'X',
  header: 'H',
  data: 'd',
  'data-raw': 'd',
  'data-binary': 'd',
  'data-ascii': 'd',
  'data-urlencode': 'data-urlencode',
  json: 'json',
  form: 'F',
  'form-string': 'F',
  user: 'u',
  'user-agent': 'A',
  referer: 'e',
  cookie: 'b',
  url: 'url',
  'max-time': 'm',
  'connect-timeout': 'm',
  output: 'o',
  proxy: 'x',
  cert: 'E',
  key: 'E',
  cacert: 'E',
  retry: 'm',
  'oauth2-bearer': 'u',
  'aws-sigv4': 'u',
};
const NOT_COUNTED = new Set(['s', 'S', 'k', 'L', 'v', 'i', 'f', 'g', '#']);

interface Option {
  readonly name: string;
  readonly value: string;
}

/** Throws a sentence if the text isn’t a curl command. */
export function fromCurl(command: string): ImportedRequest {
  const [program, ...words] = shellWords(command.trim().replace(/^\$\s+/, ''));
  if (!program || !/(^|[\\/])curl(\.exe)?$/.test(program)) throw new Error('The command must start with curl.');
  const { options, urls } = read(words);
  const url = urls[0];
  if (url === undefined) throw new Error('The command has no URL.');
  return requestOf(/^https?:\/\//i.test(url) ? url : `https://${url}`, options, urls.length > 1);
}

function read(words: readonly string[]): { options: Option[]; urls: string[] } {
  const options: Option[] = [];
  const urls: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word.startsWith('--')) {
      const [long = '', given] = word.slice(2).split(/=(.*)/s);
      const name = LONG[long] ?? (long === 'get' ? 'G' : long === 'head' ? 'I' : undefined);
      if (LONG[long] !== undefined) options.push({ name: LONG[long], value: given ?? words[++at] ?? '' });
      else if (name) options.push({ name, value: '' });
    } else if (word.startsWith('-') && word.length > 1) at = readShort(word, words, at, options);
    else urls.push(word);
  }
  return { options: options.filter(({ name }) => name !== 'url'), urls: [...options.flatMap(({ name, value }) => (name === 'url' ? [value] : [])), ...urls] };
}

/** `-sXPOST`: letters without a value, then one that may have it right after. Returns the position of the last word it used. */
function readShort(word: string, words: readonly string[], at: number, options: Option[]): number {
  for (let letter = 1; letter < word.length; letter++) {
    const name = word.charAt(letter);
    if (!SHORT_WITH_VALUE.includes(name)) {
      if (!NOT_COUNTED.has(name)) options.push({ name, value: '' });
      continue;
    }
    const rest = word.slice(letter + 1);
    options.push({ name, value: rest || (words[at + 1] ?? '') });
    return rest ? at : at + 1;
  }
  return at;
}

function requestOf(address: string, options: readonly Option[], hasMore: boolean): ImportedRequest {
  const values = (name: string) => options.filter((option) => option.name === name).map(({ value }) => value);
  const headers = values('H').flatMap((line): NamedText[] => {
    const [name = '', value = ''] = line.split(/:(.*)/s);
    return value === '' ? [] : [{ name: name.trim(), value: value.trim() }];
  });
  const secret = headers.filter(({ name }) => isCredential(name)).map(({ name }) => name);
  const data = [...values('d'), ...values('data-urlencode').map(encoded)];
  const json = values('json');
  const inQuery = values('G').length > 0;
  const { url, query } = split(address, inQuery ? data.join('&') : '');
  const body = inQuery ? '' : [...data, ...json].join(json.length > 0 ? '' : '&');
  const method = (values('X')[0] ?? (values('I').length > 0 ? 'HEAD' : body !== '' || values('F').length > 0 ? 'POST' : 'GET')).toUpperCase();
  const type = headers.find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? '';
  const content = bodyOf(body, json.length > 0 ? 'application/json' : type);
  const kept = headers.filter(({ name }) => !isCredential(name) && !isLeftOut(name) && !(content.setsType && name.toLowerCase() === 'content-type'));
  return {
    title: titleOf(method, url),
    params: { method, url, ...(query.length > 0 && { query }), ...(kept.length > 0 && { headers: kept }), ...content.params },
    notes: [
      ...(secret.length > 0 ? [`Left out ${secret.join(', ')}. Choose a connection that adds it.`] : []),
      ...(values('u').length > 0 || values('b').length > 0 ? ['Left out the user, password, or cookies. Choose a connection that adds them.'] : []),
      ...(values('F').length > 0 ? ['Form uploads (-F) aren’t carried over. Fill in the body.'] : []),
      ...(data.some((text) => text.startsWith('@')) ? ['The command reads its body from a file. Fill in the body.'] : []),
      ...(hasMore ? ['Only the first URL is used.'] : []),
    ],
  };
}

/** `name=value` with the value escaped, as --data-urlencode does. */
function encoded(text: string): string {
  const [name = '', value] = text.split(/=(.*)/s);
  return value === undefined ? encodeURIComponent(name) : `${name}${name === '' ? '' : '='}${encodeURIComponent(value)}`;
}

/** Query parameters as fields of their own. */
function split(address: string, more: string): { url: string; query: NamedText[] } {
  const [url = '', rest = ''] = address.split(/\?(.*)/s);
  const query = [...new URLSearchParams(rest.replace(/#.*$/s, '')), ...new URLSearchParams(more)].map(([name, value]) => ({ name, value }));
  return { url, query };
}

function bodyOf(body: string, type: string): { params: Readonly<Record<string, unknown>>; setsType: boolean } {
  if (body === '' || body.startsWith('@')) return { params: {}, setsType: false };
  if (/json/i.test(type) || /^\s*[[{]/.test(body)) {
    try {
      return { params: { bodyKind: 'json', json: JSON.parse(body) as unknown }, setsType: true };
    } catch {
      // Sent as the text that it is.
    }
  }
  if (type === '' || /x-www-form-urlencoded/i.test(type)) {
    const form = [...new URLSearchParams(body)].map(([name, value]) => ({ name, value }));
    if (/=/.test(body)) return { params: { bodyKind: 'form', form }, setsType: true };
  }
  return { params: { bodyKind: 'text', text: body }, setsType: false };
}
