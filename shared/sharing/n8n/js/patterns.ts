import { type Js, Unsupported } from './tree.ts';
import { asCel, type Cel, cel, tight, type Value } from './value.ts';

/* Methods of text that take a regular expression. Ours are RE2: no lookaround, no backreferences. */

const RE2_LACKS = /\(\?(?:[=!]|<[=!])|\\[1-9]/;

/** Undefined if the method takes no regular expression. */
export function patternCall(text: Cel, method: string, { source, flags }: Extract<Js, { kind: 'regex' }>, args: readonly Value[]): Cel | undefined {
  if (RE2_LACKS.test(source)) throw new Unsupported('a regular expression with lookaround or backreferences');
  const inline = [...flags].filter((flag) => 'ims'.includes(flag)).join('');
  const pattern = JSON.stringify(`${inline ? `(?${inline})` : ''}${source.replaceAll('\\/', '/').replaceAll('(?<', '(?P<')}`);
  const isAll = flags.includes('g');
  const [replacement] = args;
  if (method === 'replaceAll' || (method === 'replace' && isAll)) {
    return replacement && cel(`${tight(text)}.replaceMatches(${pattern}, ${asCel(replacement).text})`, 'text');
  }
  if (method === 'match' && isAll) return cel(`${tight(text)}.extractAll(${pattern})`, 'list');
  if (method === 'extract') return cel(`${tight(text)}.extract(${pattern}).orValue("")`, 'text');
  return undefined;
}
