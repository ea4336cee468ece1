import { describe, it } from 'vitest';
import { describeStore } from '../contract.test-suite.ts';
import { makeMongoHome, SKIPPED, TEST_MONGODB_URI } from './mongo-home.ts';

if (TEST_MONGODB_URI) describeStore('MongoDB', makeMongoHome(TEST_MONGODB_URI));
else describe('MongoDB', () => it.skip(`keeps the contract of a store${SKIPPED}`));
