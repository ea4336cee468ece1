import { UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import type { previewPolicies } from '@switchyard/shared/contracts/policies.ts';
import type { RedactionRule } from '@switchyard/shared/contracts/redaction-rules.ts';
import type { Workflow } from '@switchyard/shared/contracts/workflows.ts';
import { useMemo, useState } from 'react';
import { usePolicyPreview } from '../../api/policy-queries.ts';
import { rulesOf } from '../draft/policy-draft.ts';
import type { PolicyDraft } from '../draft/use-policy-draft.ts';
import { HighlightedInput } from './highlighted-input.tsx';
import { jsonOf } from './marked-text.ts';
import { TestResult } from './test-result.tsx';
import styles from './test-text.module.css';
import { WhoSees } from './who-sees.tsx';

const TYPING_MS = 250;
const SAMPLE =
  'Hi, Ada Marsh here. Please send the refund for order 4417 to DE89 3704 0044 0532 0130 00, not to my card 4111 1111 1111 1111. ' +
  'Write to ada.marsh@example.com or call +49 30 901820. My old card 4111 1111 1111 1112 is blocked.';

interface Props {
  readonly workflow: Workflow;
  readonly draft: PolicyDraft;
}

/** Shows what the edited rules make of a text. The text isn’t stored anywhere. */
export function TestText({ workflow, draft }: Props) {
  const [text, setText] = useState('');
  const isValid = draft.problem === undefined;
  const rules = useMemo(() => (isValid ? rulesOf(draft.form) : undefined), [isValid, draft.form]);
  const [tested] = useDebouncedValue(text, TYPING_MS);
  const body = useMemo(() => requestOf(tested, rules), [tested, rules]);
  const preview = usePolicyPreview(workflow.id, body);
  const isCurrent = body !== undefined && tested === text && !preview.isPlaceholderData;
  return (
    <aside className={styles.side} aria-label="Test a text">
      <div className={styles.part}>
        <header className={styles.head}>
          <h2 className={styles.title}>Test a text</h2>
          <span className={styles.note}>nothing is stored</span>
          <UnstyledButton className={styles.sample} onClick={() => setText(SAMPLE)}>
            Use a sample
          </UnstyledButton>
        </header>
        <HighlightedInput label="Text or JSON as it comes in" text={text} matches={isCurrent ? preview.data?.matches : undefined} onChange={setText} />
        {!isValid && text !== '' && <p className={styles.quiet}>Fix the policy to test it.</p>}
        {isValid && text !== '' && <TestResult text={text} preview={preview} />}
      </div>
      <WhoSees workflow={workflow} rules={rules} text={text} preview={isCurrent ? preview.data : undefined} />
    </aside>
  );
}

function requestOf(text: string, redaction: RedactionRule[] | undefined): BodyOf<typeof previewPolicies> | undefined {
  if (text.trim() === '' || !redaction) return undefined;
  const value = jsonOf(text);
  return value === undefined ? { text, redaction } : { value, redaction };
}
