import { expect, it } from 'vitest';
import { newValues, type RuleValues, readValues } from './rule-values.ts';

const values: RuleValues = { ...newValues('wf'), threshold: 6, hysteresis: 0.5, url: ' https://hooks.example.com/x ' };

it('sends durations in ms, shares as fractions, and money in micro-dollars', () => {
  expect(readValues(values)).toMatchObject({
    rule: { threshold: 6_000, hysteresis: 500, scope: { workflowId: 'wf' }, channel: { url: 'https://hooks.example.com/x' } },
  });
  expect(readValues({ ...values, metric: 'failure-rate', threshold: 1.1, hysteresis: '' })).toMatchObject({ rule: { threshold: 0.011, hysteresis: 0 } });
  expect(readValues({ ...values, metric: 'cost', threshold: 0.3 })).toMatchObject({ rule: { threshold: 300_000 } });
});

it('names the first field that can’t be sent', () => {
  expect(readValues({ ...values, threshold: '' })).toEqual({ field: 'threshold', message: 'Enter a number.' });
  expect(readValues({ ...values, url: '' })).toEqual({ field: 'channel.url', message: 'Enter a URL.' });
  expect(readValues({ ...values, kind: 'email', to: 'oncall' })).toEqual({ field: 'channel.to', message: 'must be an email address' });
});
