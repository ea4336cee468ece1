import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/*
 * What `pnpm dev` runs: the server, started again when its sources change, and Vite's own server for the page, which shows changes at
 * once and passes everything else on. Open the address that Vite prints.
 */

const root = join(import.meta.dirname, '..');
const client = join(root, 'client');
const port = process.env.PORT ?? '4310';
const target = `http://127.0.0.1:${port}`;

const server = spawn(process.execPath, ['--watch', '--watch-preserve-output', join(root, 'server', 'start.ts'), '--no-build'], {
  stdio: 'inherit',
  env: { ...process.env, PORT: port },
});

const vitePath = createRequire(join(client, 'package.json')).resolve('vite');
const vite = (await import(pathToFileURL(vitePath).href)) as {
  createServer(config: object): Promise<{ listen(): Promise<void>; printUrls(): void; close(): Promise<void> }>;
};
// The server knows its own address alone, so what a page of Vite's asks is passed on as if it came from there.
const passed = { target, changeOrigin: true, headers: { origin: target } };
const page = await vite.createServer({
  configFile: join(client, 'vite.config.ts'),
  // The page's own modules in client/api lie under /api/ too; they end in .ts.
  server: { host: '127.0.0.1', proxy: { '^/api/(?!.*\\.tsx?(\\?|$))': passed, '/hooks': passed, '/socket.io': { ...passed, ws: true } } },
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
