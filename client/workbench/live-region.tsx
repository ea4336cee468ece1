import { useEditor } from '../open-workflow/editor-store.ts';

/** Announces state changes to screen readers, each once. */
export function LiveRegion() {
  const words = useEditor((state) => state.announcement);
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {words}
    </div>
  );
}
