import type { ReactNode } from 'react';
import styles from './kbd.module.css';

/** A keyboard key. */
export const Kbd = ({ children }: { children: ReactNode }) => <kbd className={styles.key}>{children}</kbd>;

/** The platform’s command key: ⌘ on a Mac, Ctrl elsewhere. */
export const COMMAND_KEY = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl';
