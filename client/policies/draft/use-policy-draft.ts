import type { Policy } from '@switchyard/shared/contracts/policies.ts';
import { useMemo, useRef } from 'react';
import { showUndo } from '../../ui/toast.tsx';
import { useLocalTexts } from '../../ui/use-local-texts.ts';
import { changesBetween, type FormProblems, firstProblem, formOf, type PolicyForm, problemsOf, readForm, rebased } from './policy-draft.ts';
import type { Setting } from './policy-settings.ts';

export interface PolicyDraft {
  readonly form: PolicyForm;
  /** The form of the policy that the edits started from. */
  readonly start: PolicyForm;
  /** The revision of that policy. Behind the saved one if it was changed elsewhere. */
  readonly base: number;
  /** What differs from the start, as phrases. */
  readonly changes: readonly string[];
  readonly problems: FormProblems;
  /** Why the policy can’t be saved. */
  readonly problem: string | undefined;
  readonly reason: string;
  setReason(reason: string): void;
  change(update: (form: PolicyForm) => PolicyForm): void;
  set(setting: Setting, value: string): void;
  /** Applies the edits to the policy saved elsewhere. */
  rebase(): void;
  /** Drops the edits, once they are saved. */
  forget(): void;
  /** Drops the edits, and offers to undo that. */
  discard(): void;
}

/** The working copy of a data policy: the saved one with the edits made in this browser, kept across reloads. */
export function usePolicyDraft(workflowId: string, policy: Policy): PolicyDraft {
  const { texts, keep, forget } = useLocalTexts(`policy:${workflowId}`);
  const saved = useMemo(() => formOf(policy), [policy]);
  const [kept, keptStart] = useMemo(() => [readForm(texts.form), readForm(texts.start)], [texts.form, texts.start]);
  const isEdited = kept !== undefined && keptStart !== undefined;
  const [form, start, base] = isEdited ? [kept, keptStart, Number(texts.base)] : [saved, saved, policy.revision];
  // Two fields may change before the next render.
  const newest = useRef(form);
  newest.current = form;
  const put = (next: PolicyForm, from: PolicyForm, revision: number) => {
    newest.current = next;
    if (changesBetween(from, next).length === 0) forget();
    else keep({ form: JSON.stringify(next), start: JSON.stringify(from), base: String(revision) });
  };
  const problems = useMemo(() => problemsOf(form), [form]);
  const change = (update: (form: PolicyForm) => PolicyForm) => put(update(newest.current), start, base);
  return {
    form,
    start,
    base,
    changes: useMemo(() => changesBetween(start, form), [start, form]),
    problems,
    problem: firstProblem(form, problems),
    reason: texts.reason ?? '',
    setReason: (reason) => keep({ reason }),
    change,
    set: (setting, value) => change((before) => ({ ...before, settings: { ...before.settings, [setting]: value } })),
    rebase: () => put(rebased(start, form, saved), saved, policy.revision),
    forget,
    discard: () => {
      forget();
      showUndo('Edits discarded', () => keep(texts));
    },
  };
}
