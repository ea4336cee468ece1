import type { ReactNode } from 'react';
import { create } from 'zustand';

/** Something the palette can do. */
export interface Command {
  /** Unique; registering it again replaces it. */
  readonly id: string;
  readonly title: string;
  /** Heading it stands under: `Pages`, `Workflows`, `Steps`, … */
  readonly group: string;
  /** More words to find it by. */
  readonly words?: string;
  /** Synonyms, lowercase; they rank above `words`. */
  readonly keywords?: readonly string[];
  readonly icon?: ReactNode;
  /** Said on the right: a key, or where it leads. */
  readonly hint?: string;
  run(): void;
}

export const useCommands = create<ReadonlyMap<string, Command>>(() => new Map());

/** Adds commands to the palette; call what comes back to take them away (from an effect's cleanup). */
export function registerCommands(commands: readonly Command[]): () => void {
  const next = new Map(useCommands.getState());
  for (const command of commands) next.set(command.id, command);
  useCommands.setState(next, true);
  return () => {
    const left = new Map(useCommands.getState());
    for (const command of commands) if (left.get(command.id) === command) left.delete(command.id);
    useCommands.setState(left, true);
  };
}

/** Whether the palette is open. */
export const usePalette = create<{ readonly open: boolean }>(() => ({ open: false }));
export const openPalette = (): void => usePalette.setState({ open: true });
export const closePalette = (): void => usePalette.setState({ open: false });
