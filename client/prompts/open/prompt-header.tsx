import { ActionIcon, Button, Menu } from '@mantine/core';
import type { PromptWithVersions } from '@switchyard/shared/contracts/prompts.ts';
import { IconChevronLeft, IconDots, IconHistory, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useRestorePromptVersion, useSavePromptVersion } from '../../api/prompt-actions.ts';
import { showDone, showFailure } from '../../ui/toast.tsx';
import { bodyOf, sendable } from '../draft/prompt-draft.ts';
import type { PromptDraft } from '../draft/use-prompt-draft.ts';
import { DeletePrompt } from './delete-prompt.tsx';
import styles from './prompt-header.module.css';

interface Props {
  readonly prompt: PromptWithVersions;
  readonly draft: PromptDraft;
  /** The version shown read-only. */
  readonly shown: number | undefined;
  /** The version that *Promote* applies to. */
  readonly promoted: number;
  readonly isPromoting: boolean;
  readonly onPromote: () => void;
  /** Called when an earlier version was restored as the newest one. */
  readonly onRestored: () => void;
  readonly onClose: () => void;
}

/** Name and state of the prompt, and its actions. */
export function PromptHeader({ prompt, draft, shown, promoted, isPromoting, onPromote, onRestored, onClose }: Props) {
  return (
    <header className={styles.head}>
      <ActionIcon className={styles.back} aria-label="Back to list" onClick={onClose}>
        <IconChevronLeft size={20} stroke={1.8} />
      </ActionIcon>
      <h2 className={styles.name} title={prompt.name}>
        {prompt.name}
      </h2>
      <span className={styles.state}>{shown === undefined ? `v${draft.base}${draft.isChanged ? ' with unsaved changes' : ''}` : `v${shown}, read-only`}</span>
      <div className={styles.actions}>
        <Button aria-expanded={isPromoting} onClick={onPromote}>
          Promote v{promoted}…
        </Button>
        {shown === undefined ? <Save prompt={prompt} draft={draft} /> : <Restore prompt={prompt} number={shown} onRestored={onRestored} />}
        <More prompt={prompt} onDeleted={onClose} />
      </div>
    </header>
  );
}

function Save({ prompt, draft }: { prompt: PromptWithVersions; draft: PromptDraft }) {
  const save = useSavePromptVersion(prompt.name);
  const content = sendable(draft.content);
  const submit = () => {
    if (!content) return;
    const note = draft.note.trim();
    save.mutate(
      { ...bodyOf(content), ...(note !== '' && { note }) },
      {
        onSuccess: ({ number }) => {
          draft.forget();
          showDone(`Version ${number} saved`);
        },
        onError: (thrown) => showFailure('Couldn’t save version', thrown),
      },
    );
  };
  return (
    <Button variant="filled" loading={save.isPending} disabled={!draft.isChanged || !content} onClick={submit}>
      Save as v{prompt.latestVersion + 1}
    </Button>
  );
}

function Restore({ prompt, number, onRestored }: { prompt: PromptWithVersions; number: number; onRestored: () => void }) {
  const restore = useRestorePromptVersion(prompt.name);
  if (number === prompt.latestVersion) return null;
  return (
    <Button
      variant="filled"
      leftSection={<IconHistory size={16} stroke={1.7} />}
      loading={restore.isPending}
      onClick={() => restore.mutate(number, { onSuccess: onRestored })}
    >
      Restore v{number} as v{prompt.latestVersion + 1}
    </Button>
  );
}

function More({ prompt, onDeleted }: { prompt: PromptWithVersions; onDeleted: () => void }) {
  const [isDeleting, setDeleting] = useState(false);
  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label={`More actions for ${prompt.name}`}>
            <IconDots size={18} stroke={1.7} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item color="red" leftSection={<IconTrash size={16} stroke={1.6} />} onClick={() => setDeleting(true)}>
            Delete prompt
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isDeleting && <DeletePrompt prompt={prompt} onClose={() => setDeleting(false)} onDeleted={onDeleted} />}
    </>
  );
}
