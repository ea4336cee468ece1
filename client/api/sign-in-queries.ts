import type { Scope } from '@switchyard/shared/contracts/scopes.ts';
import { createToken, listSessions, listTokens, revokeToken, signOut, signOutEverywhere } from '@switchyard/shared/contracts/sign-in.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { showFailure } from '../ui/toast.tsx';
import { call } from './call.ts';
import { keys } from './keys.ts';
import { useSession } from './session.ts';

const ALL = { limit: 500 };

/** Whether this server has a password. Without one, there is nothing to sign out of. */
export const useSignInNeeded = (): boolean => useSession((session) => session.needed);

export const useSessions = () =>
  useQuery({ queryKey: keys.sessions, queryFn: ({ signal }) => call(listSessions, { query: ALL, signal }).then((page) => page.items) });

/** Reloads after signing out, which clears this tab’s memory. */
const leave = (): void => window.location.assign('/');

export const useSignOut = () =>
  useMutation({ mutationFn: () => call(signOut), onSuccess: leave, onError: (thrown) => showFailure('Couldn’t sign out', thrown) });

export const useSignOutEverywhere = () =>
  useMutation({ mutationFn: () => call(signOutEverywhere), onSuccess: leave, onError: (thrown) => showFailure('Couldn’t sign out everywhere', thrown) });

export const useTokens = () =>
  useQuery({ queryKey: keys.tokens, queryFn: ({ signal }) => call(listTokens, { query: ALL, signal }).then((page) => page.items) });

export function useCreateToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; scopes: Scope[] }) => call(createToken, { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.tokens }),
  });
}

export function useRevokeToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(revokeToken, { params: { id } }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.tokens }),
    onError: (thrown) => showFailure('Couldn’t revoke token', thrown),
  });
}
