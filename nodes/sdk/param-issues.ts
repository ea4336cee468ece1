import type { ParamIssue } from '@switchyard/shared/graph/node-kind.ts';
import type { z } from 'zod';
import { hintsOf } from './field.ts';
import { paramIssueMessage } from './param-issue-message.ts';

interface Checked<S extends z.ZodObject> {
  readonly params: S;
  readonly check?: ((params: z.output<S>) => ParamIssue[]) | undefined;
}

/** The problems of these params, first by the schema, then by the node's own check. */
export function paramIssues<S extends z.ZodObject>(spec: Checked<S>, params: unknown): ParamIssue[] {
  const parsed = spec.params.safeParse(params, { error: paramIssueMessage });
  if (parsed.success) return spec.check?.(parsed.data) ?? [];
  return parsed.error.issues.map((issue): ParamIssue => {
    const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
    const schema = spec.params.shape[String(path[0])] as z.ZodType | undefined;
    const label = schema && hintsOf(schema)?.label;
    return { path, message: issue.message, ...(label !== undefined && { suggestion: `Set “${label}” of this node.` }) };
  });
}
