import { looksLikeJson } from '@switchyard/shared/expression/json-tree.ts';
import type { FieldPath, ParamIssue } from '@switchyard/shared/graph/node-kind.ts';

/** Reports text where JSON was meant: it would be sent as a JSON string. `instead` says how to send it as text on purpose. */
export const textInsteadOfJson = (path: FieldPath, value: unknown, instead: string): ParamIssue[] =>
  typeof value === 'string' && looksLikeJson(value)
    ? [
        {
          path,
          message: 'This looks like JSON, but is saved as text',
          suggestion: `Fix the JSON (keys and text need double quotes), then save it as an object or a list. To send it as text, ${instead}.`,
        },
      ]
    : [];
