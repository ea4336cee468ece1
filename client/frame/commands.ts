import type { ReactNode } from 'react';
import { create } from 'zustand';

/** A command in the palette. */
export interface Command {
  /** Unique. Registering it again replaces it. */
  readonly id: string;
  readonly title: string;
  /** Its group heading: `Pages`, `Workflows`, `Steps`, … */
  readonly group: string;
  /** More text to find it by. */
  readonly words?: string;
  /** Synonyms in lowercase. They rank above `words`. */
  readonly keywords?: readonly string[];
  readonly icon?: ReactNode;
  /** Shown on the right: a shortcut, or its destination. */
  readonly hint?: string;
  run(): void;
}

export const useCommands = create<ReadonlyMap<string, Command>>(() => new Map());

/** Adds commands to the palette. Returns a function that removes them, for an effect’s cleanup. */
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
