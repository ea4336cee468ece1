import type { ReactNode } from 'react';
import styles from './kbd.module.css';

/** A key of the keyboard. */
export const Kbd = ({ children }: { children: ReactNode }) => <kbd className={styles.key}>{children}</kbd>;

/** The key that goes with a letter for commands: ⌘ on a Mac, Ctrl elsewhere. */
export const COMMAND_KEY = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl';
