import { Button, Skeleton, TextInput } from '@mantine/core';
import type { Prompt } from '@switchyard/shared/contracts/prompts.ts';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { ErrorState } from '../../frame/error-state.tsx';
import { matchScore, wordsOf } from '../../frame/match-words.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PromptFiles } from './prompt-files.tsx';
import styles from './prompt-list.module.css';
import { PromptRow } from './prompt-row.tsx';

interface Props {
  readonly prompts: UseQueryResult<Prompt[]>;
  readonly selected: string | undefined;
  readonly onCreate: () => void;
}

/** All prompts, with search. */
export function PromptList({ prompts, selected, onCreate }: Props) {
  const [search, setSearch] = useState('');
  return (
    <section className={styles.list} aria-label="All prompts">
      <header className={styles.head}>
        <div className={styles.top}>
          <h1 className={styles.title}>Prompts</h1>
          <div className={styles.actions}>
            <PromptFiles isEmpty={(prompts.data ?? []).length === 0} />
            <Button leftSection={<IconPlus size={16} stroke={1.7} />} onClick={onCreate}>
              New prompt
            </Button>
          </div>
        </div>
        <TextInput
          type="search"
          aria-label="Search prompts"
          placeholder="Search prompts"
          leftSection={<IconSearch size={16} stroke={1.7} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      </header>
      <Rows prompts={prompts} search={search.trim()} selected={selected} />
    </section>
  );
}

const matches = ({ name, description, labels }: Prompt, search: string): boolean =>
  matchScore({ title: name, keywords: labels.map(({ label }) => label), rest: description }, wordsOf(search)) > 0;

function Rows({ prompts, search, selected }: { prompts: UseQueryResult<Prompt[]>; search: string; selected: string | undefined }) {
  const { data, error, refetch } = prompts;
  if (error && !data) return <ErrorState title="Couldn’t load prompts" error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingRows />;
  const shown = data.filter((prompt) => matches(prompt, search));
  if (shown.length === 0) return search === '' ? null : <EmptyState title="No prompts match" text="Searches names, descriptions, and labels." />;
  return (
    <ul className={styles.rows}>
      {shown.map((prompt) => (
        <PromptRow key={prompt.name} prompt={prompt} selected={prompt.name === selected} />
      ))}
    </ul>
  );
}

function LoadingRows() {
  return (
    <div role="status" aria-label="Loading prompts">
      {[52, 40, 46].map((width) => (
        <div key={width} className={styles.loading}>
          <Skeleton height={12} width={`${width}%`} />
          <Skeleton height={10} width={`${width + 20}%`} />
        </div>
      ))}
    </div>
  );
}
