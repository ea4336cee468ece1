import { describe } from 'vitest';
import { describeStore } from '../contract.test-suite.ts';
import { makeSqliteHome } from './sqlite-home.fixture.ts';

describe('SQLite', () => describeStore(() => makeSqliteHome()));
