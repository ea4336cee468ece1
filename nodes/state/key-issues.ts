import type { ParamIssue } from '@switchyard/shared/graph/node-kind.ts';

/** Problems of a field with a key of stored state. */
export const keyIssues = (path: string, key: string): ParamIssue[] =>
  key.trim() === '' ? [{ path: [path], message: 'Enter the key', suggestion: 'For example, orders/{{ input.customer.id }}' }] : [];
