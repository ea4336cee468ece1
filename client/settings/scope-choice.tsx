import { Checkbox } from '@mantine/core';
import { SCOPES, type Scope } from '@switchyard/shared/contracts/scopes.ts';
import styles from './sign-in.module.css';

const WORDS: Readonly<Record<Scope, { readonly label: string; readonly help: string }>> = {
  run: { label: 'Run', help: 'Start, cancel, and rerun runs' },
  read: { label: 'Read', help: 'See workflows, runs, and settings' },
  edit: { label: 'Edit', help: 'Change and publish workflows' },
  review: { label: 'Review', help: 'Decide and assign reviews' },
  admin: { label: 'Admin', help: 'Manage connections, sessions, and API tokens' },
};

/** Scopes as a list of labels: “Run, Read, Edit”. */
export const scopesLabel = (scopes: readonly Scope[]): string =>
  SCOPES.filter((scope) => scopes.includes(scope))
    .map((scope) => WORDS[scope].label)
    .join(', ');

interface Props {
  readonly value: readonly Scope[];
  readonly onChange: (scopes: Scope[]) => void;
  readonly error: string | undefined;
}

/** What a token may do. */
export function ScopeChoice({ value, onChange, error }: Props) {
  return (
    <Checkbox.Group label="Scopes" value={[...value]} onChange={onChange} error={error}>
      <div className={styles.scopes}>
        {SCOPES.map((scope) => (
          <Checkbox key={scope} value={scope} label={WORDS[scope].label} description={WORDS[scope].help} size="xs" />
        ))}
      </div>
    </Checkbox.Group>
  );
}
