import type { PromptVersion } from '@switchyard/shared/contracts/prompts.ts';
import { useEffect, useMemo, useRef } from 'react';
import { showUndo } from '../../ui/toast.tsx';
import { flushTyping } from '../../ui/typing.ts';
import { useLocalTexts } from '../../ui/use-local-texts.ts';
import { changesBetween, contentOf, type DraftContent, readDraft } from './prompt-draft.ts';

export interface PromptDraft {
  readonly content: DraftContent;
  /** The version that the edits started from. */
  readonly base: number;
  readonly isChanged: boolean;
  readonly note: string;
  setNote(note: string): void;
  change(update: (content: DraftContent) => DraftContent): void;
  /** Drops the edits, once they are saved. */
  forget(): void;
  /** Drops the edits, and offers to undo that. */
  discard(): void;
}

/** The working copy of a prompt: its newest version with the edits made in this browser, kept across reloads. */
export function usePromptDraft(name: string, latest: PromptVersion): PromptDraft {
  const { texts, keep, forget } = useLocalTexts(`prompt:${name}`);
  const kept = useMemo(() => readDraft(texts.content), [texts.content]);
  const start = useMemo(() => contentOf(latest), [latest]);
  const base = kept ? Number(texts.base) : latest.number;
  const content = kept ?? start;
  // Two fields may change before the next render.
  const newest = useRef(content);
  newest.current = content;
  useEffect(() => {
    window.addEventListener('pagehide', flushTyping);
    return () => window.removeEventListener('pagehide', flushTyping);
  }, []);
  return {
    content,
    base,
    isChanged: kept !== undefined,
    note: texts.note ?? '',
    setNote: (note) => keep({ note }),
    change: (update) => {
      const next = contentOf(update(newest.current));
      newest.current = next;
      if (base === latest.number && changesBetween(start, next).length === 0) forget();
      else keep({ content: JSON.stringify(next), base: String(base) });
    },
    forget,
    discard: () => {
      forget();
      showUndo('Edits discarded', () => keep(texts));
    },
  };
}
