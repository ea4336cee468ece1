/** What a key does in the editor. */
export type Shortcut =
  | 'palette'
  | 'connect'
  | 'run'
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

/** The shortcut of a key press; undefined when it is none. Copy, cut and paste come as the browser's own events. */
export function shortcutOf(press: KeyPress): Shortcut | undefined {
  if (press.altKey) return undefined;
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  if (!press.ctrlKey && !press.metaKey) return press.shiftKey && PLAIN[key] === 'walk' ? 'move' : PLAIN[key];
  return key === 'z' && press.shiftKey ? 'redo' : WITH_COMMAND[key];
}

/** The keys as the overlay lists them; `⌘` stands for the command key of the machine. */
export const KEY_LIST: readonly { readonly title: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    title: 'Steps',
    keys: [
      ['N', 'Find and add a step'],
      ['C', 'Connect the selected step, or take a wire away'],
      ['Enter', 'Open the selected step'],
      ['Shift ← → ↑ ↓', 'Move what is selected'],
      ['Delete', 'Remove what is selected'],
      ['⌘ D', 'Duplicate'],
      ['⌘ C', 'Copy'],
      ['⌘ X', 'Cut'],
      ['⌘ V', 'Paste'],
      ['⌘ A', 'Select all'],
    ],
  },
  {
    title: 'Moving about',
    keys: [
      ['Tab', 'Next step, in the order of the flow'],
      ['← →', 'Along the wires; first to the beginning'],
      ['↑ ↓', 'Among steps beside each other'],
      ['F', 'Show all'],
      ['Space', 'Hold to move the canvas'],
      ['Esc', 'Close what is open, and back to the step'],
    ],
  },
  {
    title: 'Workflow',
    keys: [
      ['R', 'Run'],
      ['⌘ Z', 'Undo'],
      ['⌘ Shift Z', 'Redo'],
      ['⌘ S', 'Save at once'],
      ['⌘ K', 'Pages and commands'],
      ['?', 'These keys'],
    ],
  },
];
