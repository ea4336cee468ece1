import { localStorageColorSchemeManager, type MantineColorScheme } from '@mantine/core';

/** Stores the choice of light, dark, or system (`auto`) in this browser. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: 'switchyard-theme' });

export const SCHEMES: readonly { value: MantineColorScheme; label: string }[] = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'auto', label: 'System' },
];

/** Applies the theme before the first paint, without a script in the HTML. */
export function applyColorSchemeEarly(): void {
  const chosen = colorSchemeManager.get('auto');
  const dark = chosen === 'dark' || (chosen === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
}
