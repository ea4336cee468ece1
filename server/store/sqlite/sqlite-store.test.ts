import { describeStore } from '../contract.test-suite.ts';
import { makeSqliteHome } from './sqlite-home.ts';

describeStore('SQLite', makeSqliteHome);
