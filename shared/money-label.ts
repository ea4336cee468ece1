/** An amount in micro-dollars: `$0.40`, `$120`, `$0.0005`. */
export function moneyLabel(micros: number): string {
  const dollars = micros / 1_000_000;
  if (dollars !== 0 && Math.abs(dollars) < 0.01) return `$${dollars.toLocaleString('en', { maximumSignificantDigits: 2, maximumFractionDigits: 6 })}`;
  const whole = Number.isInteger(dollars);
  return `$${dollars.toLocaleString('en', { minimumFractionDigits: whole ? 0 : 2, maximumFractionDigits: 2 })}`;
}
