import { useHotkeys } from '@mantine/hooks';
import { lazy, Suspense, useState } from 'react';
import { closePalette, openPalette, usePalette } from '../frame/commands.ts';

const CommandPalette = lazy(() => import('./command-palette.tsx').then((module) => ({ default: module.CommandPalette })));

/** Opens the palette on Ctrl/⌘ K, even while typing. Loads its code on first use. */
export function PaletteHost() {
  const open = usePalette((palette) => palette.open);
  const [wanted, setWanted] = useState(false);
  if (open && !wanted) setWanted(true);
  useHotkeys([['mod+K', () => (usePalette.getState().open ? closePalette() : openPalette())]], []);
  if (!wanted) return null;
  return (
    <Suspense fallback={null}>
      <CommandPalette />
    </Suspense>
  );
}
