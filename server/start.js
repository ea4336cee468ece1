import module from 'node:module';
import { join } from 'node:path';

/*
 * Starts start.ts with the compile cache on. In JavaScript: Node loads its TypeScript compiler, about 8 MB, only for files that are not in the
 * cache, and the first file never is.
 */

module.enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'compiled'));
await import('./start.ts');
