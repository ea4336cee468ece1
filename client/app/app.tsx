import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { queryClient } from '../api/query-client.ts';
import { StoreStrip } from '../frame/store-strip.tsx';
import { SessionGate } from '../sign-in/session-gate.tsx';
import { colorSchemeManager } from '../theme/color-scheme.ts';
import { cssVariables, theme } from '../theme/theme.ts';
import toast from '../ui/toast.module.css';
import { router } from './router.tsx';

export function App() {
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
