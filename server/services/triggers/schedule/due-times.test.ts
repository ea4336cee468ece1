import { describe, expect, it } from 'vitest';
import { checkSchedule, dueTimes, nextDueTimes } from './due-times.ts';

const BERLIN = 'Europe/Berlin';
const next = (cron: string, from: string, count = 3, timeZone = BERLIN): string[] => nextDueTimes({ cron, timeZone }, new Date(from), count);

describe('due times', () => {
  it('follow the wall clock of the time zone', () => {
    expect(next('0 7 * * 1-5', '2026-10-23T12:00:00Z', 2)).toEqual(['2026-10-26T06:00:00.000Z', '2026-10-27T06:00:00.000Z']);
  });

  it('in an hour that doesn’t exist are due right after it', () => {
    expect(next('30 2 * * *', '2026-03-28T12:00:00Z', 2)).toEqual(['2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z']);
    expect(next('*/30 * * * *', '2026-03-29T00:15:00Z')).toEqual(['2026-03-29T00:30:00.000Z', '2026-03-29T01:00:00.000Z', '2026-03-29T01:30:00.000Z']);
  });

  it('in an hour that occurs twice are due once if fixed, and both times if repeated', () => {
    expect(next('30 2 * * *', '2026-10-24T12:00:00Z', 2)).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z']);
    expect(next('0 * * * *', '2026-10-24T23:30:00Z')).toEqual(['2026-10-25T00:00:00.000Z', '2026-10-25T01:00:00.000Z', '2026-10-25T02:00:00.000Z']);
    expect(next('30 1 * * *', '2026-10-31T12:00:00Z', 2, 'America/New_York')).toEqual(['2026-11-01T05:30:00.000Z', '2026-11-02T06:30:00.000Z']);
  });

  it('are listed from a first one to a time, and up to a number', () => {
    const hourly = { cron: '0 * * * *', timeZone: 'UTC' };
    const first = '2026-01-01T00:00:00.000Z';
    expect(dueTimes(hourly, first, new Date('2026-01-01T02:10:00Z'), 10)).toEqual({
      due: [first, '2026-01-01T01:00:00.000Z', '2026-01-01T02:00:00.000Z'],
      next: '2026-01-01T03:00:00.000Z',
    });
    expect(dueTimes(hourly, first, new Date('2026-01-02T00:00:00Z'), 2)).toEqual({
      due: [first, '2026-01-01T01:00:00.000Z'],
      next: '2026-01-01T02:00:00.000Z',
    });
  });

  it.each(['61 * * * *', '* * * *', '0 0 0 * * * *', 'hourly', '0 0 31 2 *'])('of “%s” are refused', (cron) => {
    expect(() => checkSchedule({ cron, timeZone: 'UTC' }, new Date('2026-01-01T00:00:00Z'))).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });
});
