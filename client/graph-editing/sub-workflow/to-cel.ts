import { onlyExpression } from '@switchyard/shared/expression/passed-reference.ts';
import { splitTemplate, type TemplatePiece } from '@switchyard/shared/expression/split-template.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';

/** JSON with {{ expressions }} in its strings, as one expression with the same value. */
export function toCel(tree: unknown): string {
  if (typeof tree === 'string') return templateToCel(tree);
  if (Array.isArray(tree)) return `[${tree.map(toCel).join(', ')}]`;
  if (isPlainObject(tree))
    return `{${Object.entries(tree)
      .map(([name, value]) => `${JSON.stringify(name)}: ${toCel(value)}`)
      .join(', ')}}`;
  return JSON.stringify(tree ?? null);
}

function templateToCel(source: string): string {
  const only = onlyExpression(source);
  if (only !== undefined) return only;
  const pieces = splitTemplate(source);
  if (pieces.every(({ kind }) => kind === 'text')) return JSON.stringify(source);
  return `[${pieces.map(pieceToCel).join(', ')}].join()`;
}

/** A comment in an expression ends at the line break. */
const pieceToCel = ({ kind, source }: TemplatePiece): string =>
  kind === 'text' ? JSON.stringify(source) : source.includes('//') ? `(${source}\n)` : `(${source.trim()})`;
