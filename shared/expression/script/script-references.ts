import { cachedByText } from '../cached-by-text.ts';
import type { Reference } from '../references.ts';
import { type ScriptToken, scriptTokens } from './script-tokens.ts';

/** Names whose use is followed. `item` and `index` are left out: they are also common names of parameters. */
const ROOTS: ReadonlySet<string> = new Set(['input', 'steps', 'vars']);

const CACHE = { max: 500, maxSize: 2_000_000 };

/**
 * Where user code reads from its scope: `steps.<key>`, `vars.<name>`, or just the name before anything else. A bare `steps` may read any
 * step. Everything may be missing, as in JavaScript.
 */
export const scriptReferences: (source: string) => readonly Reference[] = cachedByText(CACHE, (source) => {
  const tokens = scriptTokens(source);
  return tokens.flatMap((token, at) => (token.kind === 'name' && ROOTS.has(token.source) && isRead(tokens, at) ? [referenceAt(tokens, at)] : []));
});

/** Not a member of something else, and not a key in an object. */
function isRead(tokens: readonly ScriptToken[], at: number): boolean {
  const [before, after] = [tokens[at - 1]?.source, tokens[at + 1]?.source];
  if (before === '.' || before === '?.') return false;
  return !(after === ':' && (before === '{' || before === ','));
}

function referenceAt(tokens: readonly ScriptToken[], at: number): Reference {
  const root = tokens[at] as ScriptToken;
  const member = root.source === 'input' ? undefined : memberAfter(tokens, at + 1);
  if (!member) return { root: root.source, path: [], start: root.start, end: root.end, members: [] };
  const { name, start, end } = member;
  return { root: root.source, path: [name], optionalFrom: 0, start: root.start, end, members: [{ start, end }] };
}

function memberAfter(tokens: readonly ScriptToken[], at: number): { readonly name: string; readonly start: number; readonly end: number } | undefined {
  const [first, second, third] = tokens.slice(at, at + 3);
  if (first?.source === '.' || first?.source === '?.') {
    if (second?.kind === 'name') return { name: second.source, start: second.start, end: second.end };
    return second?.source === '[' ? memberAfter(tokens, at + 1) : undefined;
  }
  if (first?.source !== '[' || second?.kind !== 'text' || third?.source !== ']' || second.source.includes('\\')) return undefined;
  return { name: second.source.slice(1, -1), start: second.start, end: second.end };
}
