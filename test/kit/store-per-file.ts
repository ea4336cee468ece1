import { afterAll } from 'vitest';
import { dropDatabases } from './store.ts';

afterAll(dropDatabases);
