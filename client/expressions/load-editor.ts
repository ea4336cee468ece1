import type { ExpressionEditor } from './expression-editor.tsx';

let loaded: typeof ExpressionEditor | undefined;
let loading: Promise<void> | undefined;

/** The editor, once its code is loaded. */
export const loadedEditor = (): typeof ExpressionEditor | undefined => loaded;

/** Loads the editor’s code once, and then calls back. If that fails, fields remain plain text areas, and the next call tries again. */
export function withEditor(then: () => void = () => {}): void {
  loading ??= import('./expression-editor.tsx').then((module) => {
    loaded = module.ExpressionEditor;
  });
  loading.then(then, () => {
    loading = undefined;
  });
}
