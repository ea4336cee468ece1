import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import {
  type AlertRule,
  createAlertRule,
  deleteAlertRule,
  listAlertRules,
  listOpenings,
  makeAlertRuleSecret,
  testAlertRule,
  updateAlertRule,
} from '@switchyard/shared/contracts/insight/alert-rules.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../call.ts';
import { keys } from '../keys.ts';

/** Rules are checked every few seconds. */
const REFETCH_MS = 10_000;
export const SHOWN_OPENINGS = 100;

export const useAlertRules = () =>
  useQuery({ queryKey: keys.alertRules, queryFn: ({ signal }) => call(listAlertRules, { signal }), refetchInterval: REFETCH_MS });

/** Alerts, newest first. */
export const useOpenings = () =>
  useQuery({
    queryKey: [...keys.alertRules, 'history'],
    queryFn: ({ signal }) => call(listOpenings, { query: { limit: SHOWN_OPENINGS }, signal }),
    refetchInterval: REFETCH_MS,
  });

export type NewRule = BodyOf<typeof createAlertRule>;

/** Creates a rule, or changes one. */
export function useSaveRule(rule: AlertRule | undefined) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewRule) =>
      rule ? call(updateAlertRule, { params: { id: rule.id }, body: { ...body, revision: rule.revision } }) : call(createAlertRule, { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.alertRules }),
  });
}

/** Turns a rule on or off, or keeps it quiet. */
export function useUpdateRule(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Pick<BodyOf<typeof updateAlertRule>, 'enabled' | 'quietUntil'>) => call(updateAlertRule, { params: { id }, body }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.alertRules }),
  });
}

export function useDeleteRule(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call(deleteAlertRule, { params: { id } }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.alertRules }),
  });
}

/** Sends a test message. Its outcome is the last delivery. */
export function useTestRule(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call(testAlertRule, { params: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.alertRules }),
  });
}

/** Creates a new signing secret, to be shown once. */
export const useMakeRuleSecret = (id: string) => useMutation({ mutationFn: () => call(makeAlertRuleSecret, { params: { id } }) });
