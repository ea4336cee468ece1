import { defineFunctions } from './define.ts';

export const dateFunctions = defineFunctions('Dates and times', [
  {
    signature: 'timestamp(text)',
    doc: 'A time from ISO 8601 text, or from seconds since 1970.',
    example: 'timestamp("2026-01-31T12:00:00Z")',
    result: '2026-01-31T12:00:00.000Z',
    visits: 2,
    overloads: { 'timestamp(double): google.protobuf.Timestamp': (seconds: number) => new Date(seconds * 1000) },
  },
  { signature: 'duration(text)', doc: 'A duration in h, m, s, or ms.', example: 'duration("36h")', result: 'PT129600S', visits: 3 },
  {
    signature: 'time.getHours(zone)',
    doc: 'The hour. Also getMinutes, getDayOfWeek, getDate, getMonth (from 0), getFullYear.',
    example: 'timestamp("2026-01-31T12:00:00Z").getHours("Europe/Berlin")',
    result: 13,
  },
]);
