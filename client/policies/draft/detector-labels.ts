import type { BUILT_IN_DETECTORS, RedactionAction } from '@switchyard/shared/contracts/redaction-rules.ts';

/** The built-in detectors: their names, and how they recognize a value. */
export const DETECTORS: Readonly<Record<(typeof BUILT_IN_DETECTORS)[number], { readonly label: string; readonly how: string }>> = {
  email: { label: 'Email address', how: 'by its form' },
  phone: { label: 'Phone number', how: 'country code, or groups' },
  card: { label: 'Card number', how: 'with its check digit' },
  iban: { label: 'IBAN', how: 'with its check digits' },
  ip: { label: 'IP address', how: 'v4 and v6' },
  ssn: { label: 'US Social Security number', how: 'with separators' },
};

/** The actions: their names, and what they do to a value. */
export const CHOICES: Readonly<Record<RedactionAction | 'off', { readonly label: string; readonly help: string }>> = {
  tokenise: { label: 'Tokenize', help: 'Reviewers and chosen nodes can see it' },
  mask: { label: 'Mask', help: 'Gone for good' },
  hash: { label: 'Hash', help: 'Equal values stay recognizable' },
  refuse: { label: 'Reject', help: 'No run starts, and the caller gets 422' },
  off: { label: 'Off', help: 'The value stays' },
};

/** The action and the kept characters of a choice: `mask-4` is a mask that keeps four. */
function readChoice(choice: string) {
  const [action = 'off', kept] = choice.split('-');
  return { kept, ...CHOICES[action as RedactionAction | 'off'] };
}

/** The label of a choice: `mask-4` is “Mask, keep 4”. */
export function choiceLabel(choice: string): string {
  const { kept, label } = readChoice(choice);
  return kept === undefined ? label : `${label}, keep ${kept}`;
}

export function choiceHelp(choice: string): string {
  const { kept, help } = readChoice(choice);
  return kept === undefined ? help : `Only the last ${kept === '1' ? 'character stays' : `${kept} characters stay`}`;
}

/** The label of a detector in results: own patterns and fields have their name. */
export const detectorLabel = (name: string): string => (name in DETECTORS ? DETECTORS[name as keyof typeof DETECTORS].label : name);
