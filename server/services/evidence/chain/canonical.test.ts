import { expect, test } from 'vitest';
import { canonical } from './canonical.ts';

test('writes the example of RFC 8785', () => {
  // Section 3.2.2: its input and output.
  const value = JSON.parse(
    String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
  );
  expect(canonical(value)).toBe(
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  );
});

test('orders members by their UTF-16 code units, also numbers and __proto__', () => {
  // Section 3.2.3, and names that JavaScript treats in its own way.
  const value = JSON.parse(String.raw`{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7,"10":8,"9":9,"__proto__":10}`);
  expect(Object.values(JSON.parse(canonical(value).replaceAll(/"[^"]*":/g, (name) => name)))).toHaveLength(10);
  expect([...canonical(value).matchAll(/:(\d+)/g)].map(([, order]) => Number(order))).toEqual([2, 4, 8, 9, 10, 6, 7, 1, 5, 3]);
});
