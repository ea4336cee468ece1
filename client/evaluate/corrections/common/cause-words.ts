import type { CauseGroup, Correction, LikelyCause } from '@switchyard/shared/contracts/evaluation/corrections.ts';

/** Names of causes, and what they mean in a few words. */
export const CAUSE_WORDS: Readonly<Record<CauseGroup, { readonly name: string; readonly means: string }>> = {
  data: { name: 'Data', means: 'a fact was missing' },
  prompt: { name: 'Prompt', means: 'same facts, different wording' },
  routing: { name: 'Routing', means: 'label or branch changed' },
  validation: { name: 'Validation', means: 'format, or a failed check' },
  model: { name: 'Model', means: 'fallback, cut off, or refused' },
  unattributed: { name: 'Unattributed', means: 'several steps or none' },
};

const quoted = (texts: readonly string[]): string => {
  const marked = texts.map((text) => `“${text}”`);
  const last = marked.at(-1) ?? '';
  return marked.length < 2 ? last : `${marked.slice(0, -1).join(', ')}${marked.length > 2 ? ',' : ''} and ${last}`;
};

/** Why a rule holds, in plain words. Without evidence, the data of the run was removed. */
export function reasonWords({ ground, evidence }: LikelyCause): string {
  const [first = '', second = ''] = evidence;
  switch (ground) {
    case 'chosen':
      return 'The reviewer gave this cause as the reason.';
    case 'label':
      return first === '' && second === '' ? 'The reviewer changed a label.' : `The reviewer changed the label from “${first}” to “${second}”.`;
    case 'branch':
      return second === '' ? 'The reviewer chose a branch other than the proposed one.' : `The reviewer sent the run to “${second}” instead of “${first}”.`;
    case 'repair':
      return 'The model’s first output didn’t match its schema and had to be repaired.';
    case 'format':
      return 'Only the format changed: spaces, case, markup, or punctuation.';
    case 'check':
      return first === '' ? 'The draft failed a check.' : `The draft failed a check: ${first}`;
    case 'fallback':
      return second === '' ? 'A fallback model responded.' : `“${first}” failed, and the fallback “${second}” responded.`;
    case 'cut':
      return 'The output was cut off at the token limit.';
    case 'refused':
      return 'The model declined to respond in full.';
    case 'new-facts':
      return evidence.length === 0
        ? 'The reviewer added facts that are neither in the request nor in the draft.'
        : `The reviewer added ${quoted(evidence)}. ${evidence.length === 1 ? 'It is' : 'They are'} neither in the request nor in the draft, so the step couldn’t know ${evidence.length === 1 ? 'it' : 'them'}.`;
    case 'wording':
      return 'The reviewer restated the same facts, and no other rule matches.';
    case 'no-step':
      return 'The field’s draft refers to no step that ran, so its source is unknown.';
    case 'several-steps':
      return 'The field’s draft comes from several steps, so it has no single source.';
    case 'no-model':
      return 'The step that produced the draft calls no model, and no other rule matches.';
    case 'not-examined':
      return 'This correction was recorded by an earlier version, which didn’t determine causes.';
  }
}

/** The cause that counts. */
export const causeOf = ({ confirmed, likely }: Correction): CauseGroup => confirmed?.cause ?? likely.cause ?? 'unattributed';

/** `0.124` as “12.4%”. */
export const percent = (share: number): string => `${(share * 100).toLocaleString('en', { maximumFractionDigits: share < 0.1 ? 1 : 0 })}%`;
