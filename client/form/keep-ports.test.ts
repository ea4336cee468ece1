import { describe, expect, it } from 'vitest';
import { setAt } from '../expressions/field-path.ts';
import { keepPorts } from './keep-ports.ts';

const before = { labels: [{ name: 'Account access' }, { name: 'other', id: 'kept' }] };
const rename = (index: number, name: string, connected: string[]) =>
  keepPorts(before, setAt(before, ['labels', index, 'name'], name), ['labels', index, 'name'], new Set(connected));

describe('renaming something with a port', () => {
  it('keeps the port while an edge uses it', () => {
    expect(rename(0, 'Access', ['account_access'])).toEqual({
      labels: [
        { name: 'Access', id: 'account_access' },
        { name: 'other', id: 'kept' },
      ],
    });
  });

  it('lets the port follow the name while nothing is connected', () => {
    expect(rename(0, 'Access', ['out'])).toEqual({ labels: [{ name: 'Access' }, { name: 'other', id: 'kept' }] });
  });

  it('leaves an existing ID unchanged', () => {
    expect(rename(1, 'x', ['kept', 'other'])).toEqual({ labels: [{ name: 'Account access' }, { name: 'x', id: 'kept' }] });
  });
});
