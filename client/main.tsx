import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/jetbrains-mono/index.css';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './theme/tokens.css';
import './theme/base.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { enter } from './api/check-session.ts';
import { queryClient } from './api/query-client.ts';
import { router } from './app/router.tsx';
import { StoreStrip } from './frame/store-strip.tsx';
import { watchStore } from './live/store-watch.ts';
import { SessionGate } from './sign-in/session-gate.tsx';
import { applyColorSchemeEarly, colorSchemeManager } from './theme/color-scheme.ts';
import { cssVariables, theme } from './theme/theme.ts';
import toast from './ui/toast.module.css';

applyColorSchemeEarly();
enter(window.location.pathname);
watchStore();

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} colorSchemeManager={colorSchemeManager} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <SessionGate>
          <RouterProvider router={router} />
        </SessionGate>
        <StoreStrip />
        <Notifications position="top-center" classNames={{ root: toast.place ?? '' }} limit={4} autoClose={8_000} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
