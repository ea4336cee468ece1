import { TextInput } from '@mantine/core';

/** Why something is changed, for the audit trail. */
export function ReasonField({ value, onChange }: { value: string; onChange: (reason: string) => void }) {
  return (
    <TextInput
      label="Reason (optional)"
      description="Recorded in the audit trail"
      inputWrapperOrder={['label', 'input', 'description']}
      maxLength={1_000}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** The reason as sent in requests. */
export const reasonOf = (text: string): { readonly reason?: string } => (text.trim() === '' ? {} : { reason: text.trim() });
