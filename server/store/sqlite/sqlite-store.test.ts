import { describe } from 'vitest';
import { describeStore } from '../contract.test-suite.ts';
import { makeSqliteHome } from './sqlite-home.ts';

describe('SQLite', () => describeStore(makeSqliteHome));
