import { type Alert, getAlert, makeAlertSecret, putAlert, testAlert } from '@switchyard/shared/contracts/alerts.ts';
import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from './call.ts';
import { keys } from './keys.ts';

/** Messages can be sent at any time. */
const REFETCH_MS = 10_000;

/** Who is notified when a workflow fails, and the outcome of the last message. */
export const useAlert = (id: string) =>
  useQuery({ queryKey: keys.alert(id), queryFn: ({ signal }) => call(getAlert, { params: { id }, signal }), refetchInterval: REFETCH_MS });

/** Saves who is notified. Fails with `revision-conflict` if it was changed since `revision`, and loads the newer one. */
export function useSaveAlert(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<typeof putAlert>) => call(putAlert, { params: { id }, body }),
    onSuccess: (alert) => client.setQueryData(keys.alert(id), alert),
    onError: () => client.invalidateQueries({ queryKey: keys.alert(id) }),
  });
}

/** Sends a test message. Its outcome is the last delivery. */
export function useTestAlert(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call(testAlert, { params: { id } }),
    onSuccess: (alert: Alert) => client.setQueryData(keys.alert(id), alert),
  });
}

/** Creates a new signing secret, to be shown once. */
export function useMakeAlertSecret(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call(makeAlertSecret, { params: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.alert(id) }),
  });
}
