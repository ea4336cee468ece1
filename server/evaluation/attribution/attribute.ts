import type { Cause, LikelyCause } from '@switchyard/shared/contracts/evaluation/corrections.ts';
import { CAUSES } from '@switchyard/shared/evaluation/choices.ts';
import { addedFacts } from './facts.ts';
import { differsInFormatOnly, textOf } from './plain-tokens.ts';

/*
 * Names the likely cause of a correction (S85). Pure: it takes the facts about a draft and returns the first rule that holds. It owns the
 * order of the rules and what each one means; which step made a draft is found in services/corrections.
 */

/** The model call that wrote the draft. */
export interface DraftingCall {
  /** An answer that didn’t fit its schema was asked for again. */
  readonly repaired: boolean;
  /** The first target that failed, and the one that served instead. */
  readonly fallback?: { readonly from: string; readonly to: string } | undefined;
  readonly finishReason: string;
}

/** The step whose output is the draft. */
export interface DraftingStep {
  readonly call?: DraftingCall | undefined;
  /** What its guardrails found in the answer. */
  readonly brokenChecks: readonly string[];
  /** Everything it received, as text. */
  readonly received: string;
}

export interface CorrectionFacts {
  readonly before: unknown;
  readonly after: unknown;
  /** The field holds a label that was chosen from a list. */
  readonly isLabel: boolean;
  /** The labels it could be, if the field is one. */
  readonly labels?: readonly string[] | undefined;
  /** The decision led to another branch than the proposed one, not back to an earlier node. */
  readonly otherBranch?: { readonly proposed: string; readonly taken: string } | undefined;
  /** Reasons that the reviewer gave. One that is the name of a cause is a choice. */
  readonly reasons: readonly string[];
  /** The input of the run, as text. */
  readonly request: string;
  readonly step: DraftingStep | 'none' | 'several';
}

/** At most this many added facts are kept as evidence, each cut to `EVIDENCE_LENGTH` characters. */
const MOST_EVIDENCE = 10;
const EVIDENCE_LENGTH = 80;

const LENGTH_REASONS = new Set(['length', 'max_tokens']);
const REFUSAL_REASONS = new Set(['content_filter', 'refusal', 'safety']);

/** The likely cause of a correction, by the first rule that holds. */
export function attribute(facts: CorrectionFacts): LikelyCause {
  const found = chosen(facts) ?? (typeof facts.step === 'string' ? undefined : rule(facts, facts.step));
  if (found) return found;
  const ground = facts.step === 'none' ? 'no-step' : facts.step === 'several' ? 'several-steps' : 'no-model';
  return { cause: null, rule: null, ground, evidence: [] };
}

const likely = (cause: Cause, number: number, ground: LikelyCause['ground'], evidence: readonly string[] = []): LikelyCause => ({
  cause,
  rule: number,
  ground,
  evidence: evidence.slice(0, MOST_EVIDENCE).map((text) => (text.length > EVIDENCE_LENGTH ? `${text.slice(0, EVIDENCE_LENGTH - 1)}…` : text)),
});

/** Rule 1. It holds for any draft, also one that no single step made. */
function chosen({ reasons }: CorrectionFacts): LikelyCause | undefined {
  const named = reasons.map((reason) => reason.trim().toLowerCase());
  const cause = CAUSES.find((one) => one === named.find((name) => (CAUSES as readonly string[]).includes(name)));
  return cause && likely(cause, 1, 'chosen');
}

function rule(facts: CorrectionFacts, step: DraftingStep): LikelyCause | undefined {
  return routing(facts) ?? validation(facts, step) ?? model(step) ?? data(facts, step) ?? (step.call && likely('prompt', 6, 'wording'));
}

/** Rule 2. A label outside its list is no other choice: it broke a declared list (rule 3). */
function routing({ isLabel, labels, before, after, otherBranch }: CorrectionFacts): LikelyCause | undefined {
  const wasLabel = !labels || labels.includes(textOf(before));
  if (isLabel && wasLabel) return likely('routing', 2, 'label', [textOf(before), textOf(after)]);
  return otherBranch && likely('routing', 2, 'branch', [otherBranch.proposed, otherBranch.taken]);
}

/** Rule 3. */
function validation({ before, after, isLabel }: CorrectionFacts, { call, brokenChecks }: DraftingStep): LikelyCause | undefined {
  if (call?.repaired) return likely('validation', 3, 'repair');
  if (differsInFormatOnly(before, after)) return likely('validation', 3, 'format');
  if (isLabel) return likely('validation', 3, 'check', [textOf(before)]);
  return brokenChecks.length > 0 ? likely('validation', 3, 'check', brokenChecks) : undefined;
}

/** Rule 4. */
function model({ call }: DraftingStep): LikelyCause | undefined {
  if (!call) return undefined;
  if (call.fallback) return likely('model', 4, 'fallback', [call.fallback.from, call.fallback.to]);
  if (LENGTH_REASONS.has(call.finishReason)) return likely('model', 4, 'cut');
  return REFUSAL_REASONS.has(call.finishReason) ? likely('model', 4, 'refused') : undefined;
}

/** Rule 5. */
function data({ before, after, request }: CorrectionFacts, { received }: DraftingStep): LikelyCause | undefined {
  const added = addedFacts(textOf(after), [textOf(before), received, request]);
  return added.length > 0
    ? likely(
        'data',
        5,
        'new-facts',
        added.map(({ text }) => text),
      )
    : undefined;
}
