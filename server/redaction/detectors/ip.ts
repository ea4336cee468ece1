import { isIPv6 } from 'node:net';
import type { Span } from './span.ts';

const BYTE = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const V4 = new RegExp(`(?<![A-Za-z0-9.])(?:${BYTE}\\.){3}${BYTE}(?![A-Za-z0-9]|\\.\\d)`, 'g');
const V6 = /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9a-f]{1,4}|(?=:?))(?![\w:])/gi;

/** IP addresses, version 4 and 6. */
export function* ips(text: string): Iterable<Span> {
  for (const { 0: found, index } of text.matchAll(V4)) yield [index, index + found.length];
  for (const { 0: found, index } of text.matchAll(V6)) {
    // Names in source code, for example `add::bed`, would count otherwise.
    if (/\d/.test(found) && isIPv6(found)) yield [index, index + found.length];
  }
}
