import type { exportDataset as exportContract } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { isAppError } from '@switchyard/shared/errors.ts';
import type { z } from 'zod';
import { type DatasetItemRecord, datasetItems } from '../../store/evaluation/dataset-collections.ts';
import type { Page } from '../../store/port.ts';
import { ownTurn } from '../../turns.ts';
import type { ServiceContext } from '../context.ts';
import { datasetOf } from './datasets.ts';
import { itemView } from './item-record.ts';
import { itemQuery } from './items.ts';

/*
 * Items as JSONL. Invariant: fine-tuning has corrections of the split `tune` only, redacted by the current policy of their workflow, without
 * removed values (S80).
 */

const PAGE = 50;

export async function exportDataset(context: ServiceContext, id: string, { format, split, tag }: z.output<(typeof exportContract)['query']>) {
  const { name } = await datasetOf(context, id);
  const query = format === 'chat' ? itemQuery(id, { split: 'tune', source: 'correction', tag }) : itemQuery(id, { split, tag });
  const lineOf = format === 'chat' ? chatLine : itemLine;
  async function* parts(): AsyncGenerator<string> {
    let cursor: string | null = null;
    do {
      const page: Page<DatasetItemRecord> = await context.store.find(datasetItems, { ...query, limit: PAGE, ...(cursor !== null && { cursor }) });
      const lines: string[] = [];
      for (const item of page.items) {
        await ownTurn();
        const line = await lineOf(context, item);
        if (line !== undefined) lines.push(`${line}\n`);
      }
      yield lines.join('');
      cursor = page.nextCursor;
    } while (cursor !== null);
  }
  return { name, parts };
}

const itemLine = async (_context: ServiceContext, item: DatasetItemRecord): Promise<string> => JSON.stringify(itemView(item));

/** A conversation with the corrected answer. Undefined for an item that can’t be used: without values or answer, or refused by the policy. */
async function chatLine(context: ServiceContext, { id, input, expected, removedAt, source }: DatasetItemRecord): Promise<string | undefined> {
  if (removedAt !== null || expected === undefined) return undefined;
  return conversationLine(context, { input, answer: expected, runId: source.runId ?? id, workflowId: source.workflowId });
}

interface Answered {
  readonly input: unknown;
  readonly answer: unknown;
  readonly runId: string;
  readonly workflowId: string | null;
}

/** A line of a file for fine-tuning, redacted by the current policy of the workflow. Undefined if the policy refuses it. */
export async function conversationLine(context: ServiceContext, { input, answer, runId, workflowId }: Answered): Promise<string | undefined> {
  const messages = [
    { role: 'user', content: textOf(input) },
    { role: 'assistant', content: textOf(answer) },
  ];
  const policy = workflowId === null ? undefined : await context.policies.ofWorkflow(context.store, workflowId);
  if (!policy) return JSON.stringify({ messages });
  const run = { runId, workflowId: workflowId ?? '', workspaceId: context.workspaceId };
  try {
    return JSON.stringify({ messages: await context.policies.redactor(context.store, policy.rules, run).shown(messages) });
  } catch (thrown) {
    if (isAppError(thrown, 'redaction-refused')) return undefined;
    throw thrown;
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
