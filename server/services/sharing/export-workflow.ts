import { writeWorkflowFile } from '@switchyard/shared/sharing/workflow-file.ts';
import { ownTurn } from '../../turns.ts';
import type { ServiceContext } from '../context.ts';
import { tagsOf } from '../workflows/tags.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';
import { copyableOf } from './shareable.ts';

/** A file for the caller to save. */
export interface FileToSave {
  readonly filename: string;
  readonly text: string;
}

/** The draft of a workflow, or its live version, as one file. Throws `not-found`, `not-published`. */
export async function exportWorkflow(context: ServiceContext, id: string, version: 'live' | 'draft' = 'draft'): Promise<FileToSave> {
  // Reading a large graph is long work, too.
  await ownTurn();
  const workflow = await getWorkflowRecord(context, id);
  const copyable = await copyableOf(context, workflow, version);
  await ownTurn();
  return { filename: `${workflow.slug}.switchyard.json`, text: writeWorkflowFile({ ...copyable, tags: tagsOf(workflow) }) };
}
