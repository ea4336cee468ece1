import { hmac } from '@noble/hashes/hmac.js';
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { fromBase64, toBase64 } from '../base64.ts';
import { currentStep } from '../current-step.ts';
import { ExpressionFault } from '../expression-fault.ts';
import { visit } from '../metering/meter.ts';
import { defineFunctions, type Overloads } from './define.ts';
import { shorten } from './shorten.ts';

/* Hashes are computed by a library instead of the platform, whose functions for them are asynchronous in the browser. */
const ALGORITHMS = { sha256, sha384, sha512, sha1, md5 } as const;
/** Hashing this many bytes takes as long as visiting an element. */
const BYTES_PER_VISIT = 64;

type Data = string | Uint8Array;
type Algorithm = (typeof ALGORITHMS)[keyof typeof ALGORITHMS];

const base64Url = (bytes: Uint8Array): string => toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
const ENCODINGS: ReadonlyMap<string, (bytes: Uint8Array) => string> = new Map([
  ['hex', bytesToHex],
  ['base64', toBase64],
  ['base64url', base64Url],
]);

function algorithmOf(name: string): Algorithm {
  if (Object.hasOwn(ALGORITHMS, name)) return ALGORITHMS[name as keyof typeof ALGORITHMS];
  throw new ExpressionFault(`“${shorten(name)}” is not a hash algorithm. Use ${Object.keys(ALGORITHMS).join(', ')}`);
}

function encode(bytes: Uint8Array, encoding = 'hex'): string {
  const write = ENCODINGS.get(encoding);
  if (write) return write(bytes);
  throw new ExpressionFault(`“${shorten(encoding)}” is not an encoding. Use ${[...ENCODINGS.keys()].join(', ')}`);
}

function bytesOf(data: Data): Uint8Array {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  visit(Math.floor(bytes.length / BYTES_PER_VISIT));
  return bytes;
}

const hash = (data: Data, algorithm: string, encoding?: string): string => encode(algorithmOf(algorithm)(bytesOf(data)), encoding);

const hmacOf = (data: Data, algorithm: string, key: Data, encoding?: string): string =>
  encode(hmac(algorithmOf(algorithm), bytesOf(key), bytesOf(data)), encoding);

function bytesFrom(text: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch {
    throw new ExpressionFault(`“${shorten(text)}” is not Base64`);
  }
}

function textFrom(text: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytesFrom(text));
  } catch (thrown) {
    if (thrown instanceof ExpressionFault) throw thrown;
    throw new ExpressionFault('fromBase64() got Base64 of something other than text. Use base64Bytes() instead');
  }
}

/** A UUID of version 5, whose namespace is the step. */
function uuid(name = ''): string {
  const step = currentStep();
  if (step === undefined) throw new ExpressionFault('uuid() needs a run');
  const bytes = sha1(new TextEncoder().encode(JSON.stringify([step, name]))).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytesToHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** The overloads of a method for text and bytes. */
const forData = (name: string, args: readonly string[], handler: Overloads[string]): Overloads =>
  Object.fromEntries(['string', 'bytes'].flatMap((type) => args.map((list) => [`${type}.${name}(${list}): string`, handler])));

export const encodingFunctions = defineFunctions('Hashes and encoding', [
  {
    signature: 'text.hash(algorithm, encoding)',
    doc: 'The hash of the text: sha256, sha384, sha512, sha1, or md5. The encoding is hex, base64, or base64url; without it, hex.',
    example: '"hello".hash("sha256").truncate(9)',
    result: '2cf24dba…',
    visits: 20,
    overloads: forData('hash', ['string', 'string, string'], hash),
  },
  {
    signature: 'text.hmac(algorithm, key, encoding)',
    doc: 'The HMAC of the text with this key, for example to sign a request. The key is text, or bytes from base64Bytes.',
    example: '"hello".hmac("sha256", "key", "base64").truncate(9)',
    result: 'kwezuRXv…',
    visits: 80,
    overloads: forData('hmac', ['string, string', 'string, bytes', 'string, string, string', 'string, bytes, string'], hmacOf),
  },
  {
    signature: 'text.toBase64()',
    doc: 'The text as Base64. toBase64Url uses the alphabet for URLs.',
    example: '"hello".toBase64()',
    result: 'aGVsbG8=',
    overloads: {
      ...forData('toBase64', [''], (data: Data) => toBase64(bytesOf(data))),
      ...forData('toBase64Url', [''], (data: Data) => base64Url(bytesOf(data))),
    },
  },
  {
    signature: 'text.fromBase64()',
    doc: 'The text in Base64, in either alphabet.',
    example: '"aGVsbG8".fromBase64()',
    result: 'hello',
    visits: 4,
    overloads: { 'string.fromBase64(): string': textFrom },
  },
  {
    signature: 'text.base64Bytes()',
    doc: 'The bytes in Base64, as the key of hmac or for hash.',
    example: '"aGVsbG8=".base64Bytes().size()',
    result: 5,
    visits: 4,
    overloads: { 'string.base64Bytes(): bytes': bytesFrom },
  },
  {
    signature: 'uuid(name)',
    doc: 'A UUID that is always the same for this step of this run. Each name has its own; without a name, there is one per step.',
    example: 'uuid("order") == uuid("order")',
    result: true,
    visits: 20,
    overloads: { 'uuid(): string': uuid, 'uuid(string): string': uuid },
  },
]);
