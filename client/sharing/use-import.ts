import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import { importWorkflow } from '@switchyard/shared/contracts/sharing.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { refreshAfterCreation } from '../api/make-workflow.ts';
import { messageOf } from '../ui/message-of.ts';
import { showDone } from '../ui/toast.tsx';
import { readJsonFile } from './read-json-file.ts';

export type Imported = ReplyOf<typeof importWorkflow>;

/** `refused`: nothing was created. `made`: created, with things to connect or notes. */
export type ImportState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'busy'; readonly file: string }
  | { readonly kind: 'refused'; readonly file: string; readonly reason: string }
  | { readonly kind: 'made'; readonly made: Imported };

/** Imports files. Opens the workflow immediately if there is nothing to connect and nothing was changed. */
export function useImport() {
  const [state, setState] = useState<ImportState>({ kind: 'idle' });
  const queries = useQueryClient();
  const navigate = useNavigate();
  const open = ({ workflow }: Imported) => {
    setState({ kind: 'idle' });
    return navigate({ to: '/workflows/$id', params: { id: workflow.id } });
  };
  const take = async (file: File) => {
    setState({ kind: 'busy', file: file.name });
    try {
      const made = await call(importWorkflow, { body: await readJsonFile(file, 'workflow') });
      refreshAfterCreation(queries);
      if (made.carriedOver || made.toConnect.length + made.notes.length > 0) return setState({ kind: 'made', made });
      showDone(`“${made.workflow.name}” imported`);
      await open(made);
    } catch (thrown) {
      setState({ kind: 'refused', file: file.name, reason: messageOf(thrown) });
    }
  };
  return { state, take, open, close: () => setState({ kind: 'idle' }) };
}
