import { describe, expect, it } from 'vitest';
import { labelsOf, rowFault, rowsOf, suggestedName } from './label-rows.ts';

const row = (id: number, name: string, template = 'x') => ({ id, name, template });

describe('labels that are being written', () => {
  it('are what was kept, and go back as they were', () => {
    const labels = { tenant: '{{ trigger.body.tenant }}', channel: 'web' };
    expect(labelsOf(rowsOf(labels))).toEqual(labels);
  });
  it('leave out a row without a value, so that a label that was just added is not sent', () => {
    expect(labelsOf([row(1, 'tenant', ' a '), row(2, 'channel', ' ')])).toEqual({ tenant: 'a' });
  });
  it('are not sent while a name is wrong or there twice', () => {
    expect(labelsOf([row(1, 'Tenant')])).toBeUndefined();
    expect(labelsOf([row(1, 'tenant'), row(2, 'tenant')])).toBeUndefined();
    expect(rowFault(row(1, ''), [])).toContain('Small letters');
  });
  it('begin with the usual names', () => {
    expect(suggestedName([])).toBe('tenant');
    expect(suggestedName([row(1, 'tenant'), row(2, 'channel')])).toBe('feature');
  });
});
