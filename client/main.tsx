import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/jetbrains-mono/index.css';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './theme/tokens.css';
import './theme/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { enter } from './api/check-session.ts';
import { App } from './app/app.tsx';
import { watchStore } from './live/store-watch.ts';
import { applyColorSchemeEarly } from './theme/color-scheme.ts';

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
