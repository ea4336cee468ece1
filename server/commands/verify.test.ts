import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sampleEvidence } from '../services/evidence/chain/sample-evidence.fixture.ts';
import { verifyFile } from './verify.ts';

test('verifies a file, also with the key that must have signed it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-verify-'));
  try {
    const file = join(folder, 'run.json');
    const { evidence, publicKey, rebuilt } = sampleEvidence(20);
    const verdictOf = (value: unknown, key?: string): boolean => {
      writeFileSync(file, JSON.stringify(value));
      return verifyFile(file, { publicKey: key });
    };
    expect(verdictOf(evidence)).toBe(true);
    expect(verdictOf(evidence, publicKey)).toBe(true);
    expect(verdictOf({ ...evidence, salt: 'another' }, publicKey)).toBe(false);
    expect(
      verdictOf(
        rebuilt(() => undefined),
        publicKey,
      ),
    ).toBe(false);
    writeFileSync(file, '{');
    expect(verifyFile(file, {})).toBe(false);
    expect(() => verifyFile(join(folder, 'other.json'), {})).toThrow('can’t be read');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
