import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { usePrompts } from '../api/queries.ts';
import { OfflineStrip } from '../frame/offline-strip.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { CompareView } from './compare/compare-view.tsx';
import { NewPrompt } from './list/new-prompt.tsx';
import { PromptList } from './list/prompt-list.tsx';
import { PromptView } from './open/prompt-view.tsx';
import { columnsText, readColumns } from './parts/columns.ts';
import styles from './prompts-page.module.css';

/** Prompts in the registry: the list, and the open prompt beside it. A narrow window shows one of the two. */
export function PromptsPage() {
  const search = useSearch({ from: '/prompts' });
  const navigate = useNavigate({ from: '/prompts' });
  const prompts = usePrompts();
  const [isCreating, setCreating] = useState(false);
  const isWide = useMediaQuery('(min-width: 900px)', true, { getInitialValueInEffect: false });
  const shown = search.prompt ?? (isWide ? prompts.data?.[0]?.name : undefined);
  const isEmpty = prompts.data?.length === 0;
  const open = (prompt: string, version?: number) => void navigate({ search: { prompt, ...(version !== undefined && { version }) } });
  if (search.prompt !== undefined && search.compare !== undefined)
    return (
      <CompareView
        key={search.prompt}
        name={search.prompt}
        columns={readColumns(search.compare)}
        onColumns={(columns) => void navigate({ search: (now) => ({ ...now, compare: columnsText(columns) }), replace: true })}
      />
    );
  return (
    <div className={styles.page} data-open={search.prompt !== undefined || undefined}>
      <PromptList prompts={prompts} selected={shown} onCreate={() => setCreating(true)} />
      <div className={styles.prompt}>
        <OfflineStrip text="Offline. Your edits are saved in this browser." />
        {shown === undefined ? (
          isEmpty && isWide && <NoPrompts onCreate={() => setCreating(true)} />
        ) : (
          <PromptView
            key={shown}
            name={shown}
            version={search.version}
            onVersion={(version) => open(shown, version)}
            onClose={() => void navigate({ search: {} })}
          />
        )}
      </div>
      {isEmpty && !isWide && (
        <div className={styles.empty}>
          <NoPrompts onCreate={() => setCreating(true)} />
        </div>
      )}
      {isCreating && (
        <NewPrompt
          onClose={() => setCreating(false)}
          onCreated={(name) => {
            setCreating(false);
            open(name);
          }}
        />
      )}
    </div>
  );
}

function NoPrompts({ onCreate }: { onCreate: () => void }) {
  return (
    <EmptyState
      title="No prompts yet"
      text="A prompt has versions and labels. Prompt nodes use the version that a label points to, and moving the label changes the next run without publishing."
      action={
        <Button variant="filled" leftSection={<IconPlus size={16} stroke={1.8} />} onClick={onCreate}>
          Create prompt
        </Button>
      }
    />
  );
}
