import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/*
 * Runs `pnpm dev`: the server, restarted when its sources change, and Vite's dev server for the page, which hot-reloads it
 * and proxies everything else. Open the URL that Vite prints.
 */

const root = join(import.meta.dirname, '..');
const client = join(root, 'client');
const port = process.env.PORT ?? '4310';
const target = `http://127.0.0.1:${port}`;

const server = spawn(process.execPath, ['--watch', '--watch-preserve-output', join(root, 'server', 'start.js'), '--no-build'], {
  stdio: 'inherit',
  env: { ...process.env, PORT: port },
});

const vitePath = createRequire(join(client, 'package.json')).resolve('vite');
const vite = (await import(pathToFileURL(vitePath).href)) as {
  createServer(config: object): Promise<{ listen(): Promise<void>; printUrls(): void; close(): Promise<void> }>;
};
// The server only accepts its own host, so requests from Vite's page are forwarded with the server's host and origin.
const passed = { target, changeOrigin: true, headers: { origin: target } };
const page = await vite.createServer({
  configFile: join(client, 'vite.config.ts'),
  // The page's own modules in client/api are also under /api/. They end in .ts.
  server: {
    host: '127.0.0.1',
    proxy: {
      '^/api/(?!.*\\.tsx?(\\?|$))': passed,
      '/hooks': passed,
      '/callbacks': passed,
      '/feedback': passed,
      '/f/': passed,
      '/c/': passed,
      '/socket.io': { ...passed, ws: true },
    },
  },
});
await page.listen();
page.printUrls();

const stop = (): void => {
  server.kill('SIGTERM');
  page.close().finally(() => process.exit(0));
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
server.on('exit', (code) => process.exit(code ?? 0));
