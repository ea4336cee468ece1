import { type HtmlContent, readHtml } from '@switchyard/shared/expression/formats/html.ts';
import { readXml } from '@switchyard/shared/expression/formats/xml.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { tooLarge, unreadable } from '../fault.ts';
import { listIn } from './rows.ts';

/** Old pages leave many elements open. */
const DEEPEST = 1_000;

export const readPage = (html: string): HtmlContent =>
  readHtml(html, { deepest: DEEPEST, tooDeep: () => tooLarge(`The page has elements nested more than ${DEEPEST} levels deep.`) });

/** The repeated elements of XML, in the shape that `parseXml` gives. A list with one element looks like any other element in XML. */
export function readXmlList(xml: string): readonly unknown[] {
  const [root] = Object.values(plain(readXml(xml, { fault: (why) => unreadable(`The file ${why}.`) })) as Record<string, unknown>);
  const list = listIn(root);
  const [only, ...others] = list;
  if (others.length > 0 || !isPlainObject(only)) return list;
  const elements = Object.entries(only).filter(([name]) => !name.startsWith('@'));
  const [first] = elements;
  return elements.length === 1 && isPlainObject(first?.[1]) ? [first[1]] : list;
}

function plain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries(Array.from(value, ([name, inner]) => [name, plain(inner)]));
  return Array.isArray(value) ? value.map(plain) : value;
}
