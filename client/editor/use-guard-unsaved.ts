import { useEffect } from 'react';
import { useEditorApi } from '../open-workflow/editor-store.ts';

/** Saves at once when the page is left or hidden, and when the network is back; asks before it is left with something that could not be saved. */
export function useGuardUnsaved(): void {
  const editor = useEditorApi();
  useEffect(() => {
    const flush = () => document.visibilityState === 'hidden' && void editor.getState().saveNow();
    const ask = (event: BeforeUnloadEvent) => {
      const { saveState } = editor.getState();
      if (saveState === 'saved') return;
      void editor.getState().saveNow();
      if (saveState === 'offline' || saveState === 'conflict') event.preventDefault();
    };
    document.addEventListener('visibilitychange', flush);
    const back = () => void editor.getState().saveNow();
    addEventListener('beforeunload', ask);
    addEventListener('online', back);
    return () => {
      removeEventListener('online', back);
      document.removeEventListener('visibilitychange', flush);
      removeEventListener('beforeunload', ask);
    };
  }, [editor]);
}
