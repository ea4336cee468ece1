import type { Route } from '@switchyard/shared/contracts/routes.ts';
import { useEffect, useMemo, useRef } from 'react';
import { showUndo } from '../../ui/toast.tsx';
import { flushTyping } from '../../ui/typing.ts';
import { useLocalTexts } from '../../ui/use-local-texts.ts';
import { changesBetween, contentOf, type RouteContent, readEdits, rebased } from './route-draft.ts';

export interface RouteDraft {
  readonly content: RouteContent;
  /** What the edits started from. Without edits, the version in use. */
  readonly start: RouteContent;
  /** The version that the edits started from. */
  readonly base: number;
  /** There are edits, even if they changed nothing in the end. */
  readonly isEdited: boolean;
  readonly changes: readonly string[];
  readonly reason: string;
  setReason(reason: string): void;
  change(update: (content: RouteContent) => RouteContent): void;
  /** Puts the edits on top of the version in use. */
  rebase(): void;
  /** Drops the edits, once they are saved. */
  forget(): void;
  /** Drops the edits, and offers to undo that. */
  discard(): void;
}

/** The working copy of a route: the version in use with the edits made in this browser, kept across reloads and conflicts. */
export function useRouteDraft(route: Route): RouteDraft {
  const { texts, keep, forget } = useLocalTexts(`route:${route.name}`);
  const edits = useMemo(() => readEdits(texts.edits), [texts.edits]);
  const inUse = useMemo(() => contentOf(route), [route]);
  const { start, content, base } = edits ?? { start: inUse, content: inUse, base: route.version };
  const changes = useMemo(() => changesBetween(start, content), [start, content]);
  // Two fields may change before the next render.
  const newest = useRef(content);
  newest.current = content;
  useEffect(() => {
    window.addEventListener('pagehide', flushTyping);
    return () => window.removeEventListener('pagehide', flushTyping);
  }, []);
  return {
    content,
    start,
    base,
    isEdited: edits !== undefined,
    changes,
    reason: texts.reason ?? '',
    setReason: (reason) => keep({ reason }),
    change: (update) => {
      const next = update(newest.current);
      newest.current = next;
      if (base === route.version && changesBetween(start, next).length === 0) forget();
      else keep({ edits: JSON.stringify({ base, start, content: next }) });
    },
    rebase: () => keep({ edits: JSON.stringify({ base: route.version, start: inUse, content: rebased({ start, content }, inUse) }) }),
    forget,
    discard: () => {
      forget();
      showUndo('Edits discarded', () => keep(texts));
    },
  };
}
