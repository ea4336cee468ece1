import { type TriedCode, tryCode } from '@switchyard/shared/contracts/code.ts';
import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { useMutation } from '@tanstack/react-query';
import { showFailure } from '../ui/toast.tsx';
import { call } from './call.ts';

interface Tried {
  readonly result: TriedCode;
  /** The code that it is the result of. */
  readonly source: string;
  readonly helpers: string;
}

/** Runs unsaved code with the values that the page shows. */
export const useTryCode = (workflowId: string) =>
  useMutation({
    mutationFn: async (body: BodyOf<typeof tryCode> & { readonly helpers: string }): Promise<Tried> => ({
      result: await call(tryCode, { params: { id: workflowId }, body }),
      source: body.source,
      helpers: body.helpers,
    }),
    onError: (thrown) => showFailure('Couldn’t test the code', thrown),
  });
