import { Button, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useCreateToken } from '../api/sign-in-queries.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { messageOf } from '../ui/message-of.ts';
import { useKeptTexts } from '../ui/use-kept-texts.ts';
import styles from './sign-in.module.css';

/** Makes a token, and shows it this once. */
export function NewToken() {
  const { texts, keep, forget } = useKeptTexts('api-token');
  const name = texts.name ?? '';
  const [empty, setEmpty] = useState(false);
  const create = useCreateToken();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setEmpty(name.trim() === '');
    if (name.trim() !== '') create.mutate(name.trim(), { onSuccess: forget });
  };
  return (
    <>
      {create.data && <MadeToken key={create.data.id} name={create.data.name} token={create.data.token} onDone={create.reset} />}
      <form className={styles.create} onSubmit={submit} aria-label="New API token">
        <TextInput
          label="New token"
          placeholder="What it is for: nightly import"
          maxLength={100}
          autoComplete="off"
          value={name}
          onChange={(event) => {
            keep({ name: event.currentTarget.value });
            setEmpty(false);
          }}
          error={empty ? 'Give it a name, to know it by later.' : create.error ? messageOf(create.error) : undefined}
          className={styles.newName}
        />
        <Button type="submit" loading={create.isPending} leftSection={<IconPlus size={16} stroke={1.8} />}>
          Create token
        </Button>
      </form>
    </>
  );
}

function MadeToken({ name, token, onDone }: { name: string; token: string; onDone: () => void }) {
  return (
    <div className={styles.made} role="status">
      <p className={styles.madeText}>
        This is “{name}”. Copy it now: <strong>it is not shown again</strong>.
      </p>
      <div className={styles.madeToken}>
        <CopyField value={token} label="API token" />
        <Button onClick={onDone}>Done</Button>
      </div>
    </div>
  );
}
