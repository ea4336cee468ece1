import { type ExpressionFunction, FUNCTION_GROUPS, type FunctionGroup } from '@switchyard/shared/expression/functions/define.ts';

interface Found {
  readonly group: FunctionGroup;
  readonly functions: readonly ExpressionFunction[];
}

/** The functions that have every word of a search in their name, signature, group, or description. Without a search, all of them. */
export function findFunctions(all: readonly ExpressionFunction[], search: string): Found[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = ({ signature, doc, group }: ExpressionFunction): boolean => {
    const text = `${signature} ${doc} ${group}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const found = all.filter(matches);
  return FUNCTION_GROUPS.map((group) => ({ group, functions: found.filter((one) => one.group === group) })).filter(({ functions }) => functions.length > 0);
}
