import type { QueryOf } from '@switchyard/shared/contracts/contract.ts';
import type { exportCorrections as exportContract } from '@switchyard/shared/contracts/evaluation/corrections.ts';
import { type ErrorCode, toAppError } from '@switchyard/shared/errors.ts';
import { type CorrectionRecord, corrections } from '../../store/evaluation/correction-collections.ts';
import type { Page } from '../../store/port.ts';
import { ownTurn } from '../../turns.ts';
import type { ServiceContext } from '../context.ts';
import { conversationLine } from '../datasets/export-items.ts';
import { splitOf } from '../datasets/item-record.ts';
import { inputOfRun, sourceKeyOf } from '../datasets/items-from-runs.ts';
import { getRunRecord } from '../runs/get-run.ts';
import { correctionQuery } from './corrections.ts';
import { correctedAnswer } from './dataset-item.ts';

/*
 * Corrections for fine-tuning, as JSONL in the chat format. Invariant: only of runs that are on the side `tune` of the split (S80), as an item
 * of the run would be, redacted, without removed values. Nothing is stored, so there is no copy to remove (S66a).
 */

const PAGE = 50;

/** Corrections that are left out: their values are gone, too large, or files. */
const LEFT_OUT: readonly ErrorCode[] = ['payload-removed', 'too-large', 'bad-request', 'not-found'];

/** The lines, newest first. */
export async function* exportCorrections(context: ServiceContext, { consent: _consent, ...filter }: QueryOf<typeof exportContract>): AsyncGenerator<string> {
  let cursor: string | null = null;
  do {
    const page: Page<CorrectionRecord> = await context.store.find(corrections, { ...correctionQuery(filter), limit: PAGE, ...(cursor !== null && { cursor }) });
    for (const correction of page.items) {
      await ownTurn();
      const line = await lineOf(context, correction);
      if (line !== undefined) yield `${line}\n`;
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
}

async function lineOf(context: ServiceContext, correction: CorrectionRecord): Promise<string | undefined> {
  const { runId, workflowId } = correction;
  if (splitOf(sourceKeyOf({ id: runId })) !== 'tune') return undefined;
  try {
    const input = await inputOfRun(context, await getRunRecord(context, runId));
    return await conversationLine(context, { input, answer: correctedAnswer(correction), runId, workflowId });
  } catch (thrown) {
    if (LEFT_OUT.includes(toAppError(thrown).code)) return undefined;
    throw thrown;
  }
}
