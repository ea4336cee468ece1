/** A keyboard command of the editor. */
export type Shortcut =
  | 'palette'
  | 'connect'
  | 'contain'
  | 'run'
  | 'run-node'
  | 'fit'
  | 'open'
  | 'delete'
  | 'undo'
  | 'redo'
  | 'select-all'
  | 'duplicate'
  | 'save'
  | 'keys'
  | 'close'
  | 'walk'
  | 'move';

interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

const PLAIN: Readonly<Record<string, Shortcut>> = {
  n: 'palette',
  '+': 'palette',
  c: 'connect',
  i: 'contain',
  r: 'run',
  f: 'fit',
  Enter: 'open',
  Delete: 'delete',
  Backspace: 'delete',
  '?': 'keys',
  Escape: 'close',
  ArrowLeft: 'walk',
  ArrowRight: 'walk',
  ArrowUp: 'walk',
  ArrowDown: 'walk',
};
const WITH_COMMAND: Readonly<Record<string, Shortcut>> = { z: 'undo', y: 'redo', a: 'select-all', d: 'duplicate', s: 'save' };

/** The shortcut for a key press, if any. Copy, cut, and paste arrive as browser events instead. */
export function shortcutOf(press: KeyPress): Shortcut | undefined {
  if (press.altKey) return undefined;
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  if (press.shiftKey && key === 'r' && !press.ctrlKey && !press.metaKey) return 'run-node';
  if (!press.ctrlKey && !press.metaKey) return press.shiftKey && PLAIN[key] === 'walk' ? 'move' : PLAIN[key];
  return key === 'z' && press.shiftKey ? 'redo' : WITH_COMMAND[key];
}

/** The shortcuts listed in the overlay. `⌘` is replaced by the platform’s command key. */
export const KEY_LIST: readonly { readonly title: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    title: 'Nodes',
    keys: [
      ['N', 'Add node'],
      ['C', 'Connect or disconnect'],
      ['I', 'Move into or out of a container'],
      ['Enter', 'Open node'],
      ['Shift ← → ↑ ↓', 'Move selection'],
      ['Delete', 'Delete selection'],
      ['⌘ D', 'Duplicate'],
      ['⌘ C', 'Copy'],
      ['⌘ X', 'Cut'],
      ['⌘ V', 'Paste'],
      ['⌘ A', 'Select all'],
    ],
  },
  {
    title: 'Navigation',
    keys: [
      ['Tab', 'Next node'],
      ['← →', 'Follow edges'],
      ['↑ ↓', 'Move between parallel nodes'],
      ['F', 'Fit to view'],
      ['Space', 'Hold to pan'],
      ['Esc', 'Close panel'],
    ],
  },
  {
    title: 'Workflow',
    keys: [
      ['R', 'Run'],
      ['Shift R', 'Run selected node'],
      ['⌘ Z', 'Undo'],
      ['⌘ Shift Z', 'Redo'],
      ['⌘ S', 'Save now'],
      ['⌘ K', 'Search and commands'],
      ['?', 'Keyboard shortcuts'],
    ],
  },
];
