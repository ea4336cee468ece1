import { deletePin, listPins, putPin } from '@switchyard/shared/contracts/building/pins.ts';
import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { keys } from '../api/keys.ts';

/** The pinned output of a node (S78). Undefined if there is none, or while loading. */
export const usePin = (workflowId: string, nodeKey: string, enabled = true) =>
  useQuery({
    queryKey: keys.pins(workflowId),
    queryFn: ({ signal }) => call(listPins, { params: { id: workflowId }, signal }),
    select: ({ items }) => items.find((pin) => pin.nodeKey === nodeKey),
    enabled,
  }).data;

/** Pins an output of a node, or unpins it. */
export function usePinActions(id: string, nodeKey: string) {
  const client = useQueryClient();
  const params = { id, nodeKey };
  const onSettled = () => client.invalidateQueries({ queryKey: keys.pins(id) });
  return {
    pin: useMutation({ mutationFn: (body: BodyOf<typeof putPin>) => call(putPin, { params, body }), onSettled }),
    unpin: useMutation({ mutationFn: () => call(deletePin, { params }), onSettled }),
  };
}
