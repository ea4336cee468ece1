import { buildPage } from '@switchyard/server/page-build.ts';
import { repositoryRoot } from './server.ts';

/** Builds the page once before the tests, unless it was built from the current sources. */
export async function setup(): Promise<void> {
  await buildPage(repositoryRoot, (line) => console.info(line));
}
