import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { updateWebhook, type Webhook } from '@switchyard/shared/contracts/webhooks.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { keys } from '../api/keys.ts';
import { showFailure } from '../ui/toast.tsx';

type Change = BodyOf<typeof updateWebhook>;

/** The settings after the change. The secrets of a signature stay as they are. */
const changed = (before: Webhook, { signature, ...change }: Change): Webhook =>
  ({ ...before, ...change, signature: { ...before.signature, ...signature } }) as Webhook;

/**
 * Changes webhook settings. Shown at once, and reverted with the reason if the server rejects the change. `onSaved` is called once the
 * server has it.
 */
export function useUpdateWebhook(workflowId: string): (change: Change, onSaved?: () => void) => void {
  const queries = useQueryClient();
  const key = keys.webhook(workflowId);
  const { mutateAsync } = useMutation({
    mutationFn: (change: Change) => call(updateWebhook, { params: { id: workflowId }, body: change }),
    onMutate: async (change: Change) => {
      await queries.cancelQueries({ queryKey: key });
      const before = queries.getQueryData<Webhook>(key);
      if (before) queries.setQueryData(key, changed(before, change));
      return before;
    },
    onError: (thrown, _, before) => {
      queries.setQueryData(key, before);
      showFailure('Couldn’t change webhook', thrown);
    },
    onSuccess: (webhook) => queries.setQueryData(key, webhook),
  });
  return (change, onSaved) => void mutateAsync(change).then(onSaved, () => undefined);
}
