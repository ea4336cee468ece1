import { Button, TextInput } from '@mantine/core';
import { DEFAULT_SCOPES, type Scope } from '@switchyard/shared/contracts/scopes.ts';
import { IconPlus } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useCreateToken } from '../api/sign-in-queries.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { messageOf } from '../ui/message-of.ts';
import { useLocalTexts } from '../ui/use-local-texts.ts';
import { ScopeChoice } from './scope-choice.tsx';
import styles from './sign-in.module.css';

/** Creates a token, and shows it once. */
export function NewToken() {
  const { texts, keep, forget } = useLocalTexts('api-token');
  const name = texts.name ?? '';
  const [scopes, setScopes] = useState<readonly Scope[]>(DEFAULT_SCOPES);
  const [checked, setChecked] = useState(false);
  const create = useCreateToken();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (name.trim() === '' || scopes.length === 0) return;
    create.mutate({ name: name.trim(), scopes: [...scopes] }, { onSuccess: reset });
  };
  const reset = () => {
    forget();
    setScopes(DEFAULT_SCOPES);
    setChecked(false);
  };
  return (
    <>
      {create.data && <MadeToken key={create.data.id} name={create.data.name} token={create.data.token} onDone={create.reset} />}
      <form className={styles.create} onSubmit={submit} aria-label="New API token">
        <div className={styles.nameAndButton}>
          <TextInput
            label="New token"
            placeholder="For example, nightly import"
            maxLength={100}
            autoComplete="off"
            value={name}
            onChange={(event) => keep({ name: event.currentTarget.value })}
            error={checked && name.trim() === '' ? 'Enter a name.' : create.error ? messageOf(create.error) : undefined}
            className={styles.newName}
          />
          <Button type="submit" loading={create.isPending} leftSection={<IconPlus size={16} stroke={1.8} />}>
            Create token
          </Button>
        </div>
        <ScopeChoice value={scopes} onChange={setScopes} error={checked && scopes.length === 0 ? 'Choose at least one scope.' : undefined} />
      </form>
    </>
  );
}

function MadeToken({ name, token, onDone }: { name: string; token: string; onDone: () => void }) {
  return (
    <div className={styles.made} role="status">
      <p className={styles.madeText}>
        “{name}” is ready. Copy it now. <strong>You won’t see it again.</strong>
      </p>
      <div className={styles.madeToken}>
        <CopyField value={token} label="API token" />
        <Button onClick={onDone}>Done</Button>
      </div>
    </div>
  );
}
