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
  | 'group'
  | 'ungroup'
  | 'disable'
  | 'rename'
  | 'menu'
  | 'find'
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
  d: 'disable',
  i: 'contain',
  r: 'run',
  f: 'fit',
  Enter: 'open',
  F2: 'rename',
  ContextMenu: 'menu',
  Delete: 'delete',
  Backspace: 'delete',
  '?': 'keys',
  Escape: 'close',
  ArrowLeft: 'walk',
  ArrowRight: 'walk',
  ArrowUp: 'walk',
  ArrowDown: 'walk',
};
/** By the shortcut without Shift, or else the key. */
const WITH_SHIFT: Readonly<Record<string, Shortcut>> = { walk: 'move', run: 'run-node', F10: 'menu' };
const WITH_COMMAND: Readonly<Record<string, Shortcut>> = { z: 'undo', y: 'redo', a: 'select-all', d: 'duplicate', f: 'find', g: 'group', s: 'save' };
const WITH_COMMAND_SHIFT: Readonly<Record<string, Shortcut>> = { z: 'redo', g: 'ungroup' };

/** The shortcut for a key press, if any. Copy, cut, and paste arrive as browser events instead. */
export function shortcutOf(press: KeyPress): Shortcut | undefined {
  if (press.altKey) return undefined;
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  if (!press.ctrlKey && !press.metaKey) return (press.shiftKey ? WITH_SHIFT[PLAIN[key] ?? key] : undefined) ?? PLAIN[key];
  return (press.shiftKey ? WITH_COMMAND_SHIFT[key] : undefined) ?? WITH_COMMAND[key];
}

/** The shortcuts listed in the overlay. `⌘` is replaced by the platform’s command key. */
export const KEY_LIST: readonly { readonly title: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    title: 'Nodes',
    keys: [
      ['N', 'Add node'],
      ['C', 'Connect or disconnect'],
      ['I', 'Move into or out of a frame'],
      ['Enter', 'Open node'],
      ['F2', 'Rename'],
      ['D', 'Disable or enable'],
      ['Shift ← → ↑ ↓', 'Move selection'],
      ['Delete', 'Delete selection'],
      ['⌘ G', 'Group'],
      ['⌘ Shift G', 'Ungroup'],
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
      ['⌘ F', 'Find nodes'],
      ['F', 'Fit to view'],
      ['Space', 'Hold to pan'],
      ['Shift F10', 'Menu'],
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
