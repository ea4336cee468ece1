import { bodyIssueMessage } from '@switchyard/shared/body-issue-message.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { type Graph, graphSchema } from '@switchyard/shared/graph/graph.ts';
import { ownTurn } from '../../turns.ts';

/** Parses a client's graph, in a turn of its own. View state is dropped. Throws `bad-graph` with the path of each error. */
export async function readGraph(sent: unknown): Promise<Graph> {
  await ownTurn();
  const parsed = graphSchema.safeParse(sent, { error: bodyIssueMessage });
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.slice(0, 50).map((issue) => ({ path: ['graph', ...issue.path.map(String)].join('.'), message: issue.message }));
  throw new AppError('bad-graph', `Invalid workflow graph: ${fields[0]?.path} ${fields[0]?.message}. Nothing was saved.`, { fields });
}
