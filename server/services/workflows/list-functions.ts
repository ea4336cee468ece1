import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import type { listFunctions as contract } from '@switchyard/shared/contracts/system.ts';
import { EXPRESSION_FUNCTIONS } from '@switchyard/shared/expression/functions/catalog.ts';

/** Every function of expressions, for pages and tools that build workflows. */
export const listFunctions = (): ReplyOf<typeof contract> => ({
  items: EXPRESSION_FUNCTIONS.map(({ name, group, signature, doc, example, result }) => ({ name, group, signature, help: doc, example, result })),
  nextCursor: null,
});
