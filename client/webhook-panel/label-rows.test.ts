import { describe, expect, it } from 'vitest';
import { labelsOf, rowFault, rowsOf, suggestedName } from './label-rows.ts';

const row = (id: number, name: string, template = 'x') => ({ id, name, template });

describe('labels being edited', () => {
  it('are restored unchanged', () => {
    const labels = { tenant: '{{ trigger.body.tenant }}', channel: 'web' };
    expect(labelsOf(rowsOf(labels))).toEqual(labels);
  });
  it('omit a row without a value, so a label that was just added is not sent', () => {
    expect(labelsOf([row(1, 'tenant', ' a '), row(2, 'channel', ' ')])).toEqual({ tenant: 'a' });
  });
  it('are not sent while a name is invalid or a duplicate', () => {
    expect(labelsOf([row(1, 'Tenant')])).toBeUndefined();
    expect(labelsOf([row(1, 'tenant'), row(2, 'tenant')])).toBeUndefined();
    expect(rowFault(row(1, ''), [])).toContain('lowercase letters');
  });
  it('suggest the usual names first', () => {
    expect(suggestedName([])).toBe('tenant');
    expect(suggestedName([row(1, 'tenant'), row(2, 'channel')])).toBe('feature');
  });
});
