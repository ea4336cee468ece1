import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: decodeURIComponent(new URL('.', import.meta.url).pathname),
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // The largest lazy chunk is the code editor; what is loaded first is kept small by the lazy routes.
    chunkSizeWarningLimit: 700,
    // Small images and fonts stay files: the page's content policy allows no data: fonts.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Without these each icon and each small package that two pages share would be a file of its own.
          groups: [
            { name: 'frame', test: /[/]node_modules[/](?:react|react-dom|scheduler|@tanstack|zustand)[/]/ },
            // Only menus and popovers need it, and the first page has none open.
            { name: 'floating', test: /[/]node_modules[/]@floating-ui[/]/ },
            { name: 'icons', test: /@tabler[/]icons-react/, minShareCount: 2 },
          ],
        },
      },
    },
  },
});
