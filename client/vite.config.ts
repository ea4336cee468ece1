import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const FIRST_ICONS =
  /@tabler[/]icons-react[/].*[/](?:createReactComponent|defaultAttributes|IconAlertTriangle|IconChartBar|IconChartLine|IconCpu|IconDatabaseOff|IconDots|IconFileText|IconFlask|IconInbox|IconLayoutGrid|IconListDetails|IconPlugConnectedX|IconRefresh|IconSettings|IconSitemap)\.mjs$/;

export default defineConfig({
  root: decodeURIComponent(new URL('.', import.meta.url).pathname),
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // The largest lazy chunk is the code editor. Lazy routes keep the initial load small.
    chunkSizeWarningLimit: 700,
    // Small images and fonts stay files: the content security policy allows no data: fonts.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Otherwise, each icon and small package shared by two pages would be a file of its own.
          groups: [
            { name: 'frame', test: /[/]node_modules[/](?:react|react-dom|scheduler|@tanstack|zustand)[/]/ },
            // Only menus and popovers need it, and the first page opens none.
            { name: 'floating', test: /[/]node_modules[/]@floating-ui[/]/ },
            // Those that every page may show, without the icons of the others.
            { name: 'first-icons', test: FIRST_ICONS, priority: 1 },
            { name: 'icons', test: /@tabler[/]icons-react/, minShareCount: 2 },
          ],
        },
      },
    },
  },
});
