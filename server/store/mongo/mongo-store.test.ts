import { describe, it } from 'vitest';
import { describeStore } from '../contract.test-suite.ts';
import { makeMongoHome, SKIPPED, TEST_MONGODB_URI } from './mongo-home.fixture.ts';

describe('MongoDB', () => {
  if (TEST_MONGODB_URI) describeStore(makeMongoHome(TEST_MONGODB_URI));
  else it.skip(`keeps the contract of a store${SKIPPED}`);
});
