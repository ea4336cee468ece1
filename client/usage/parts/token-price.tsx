import { NumberInput } from '@mantine/core';

interface TokenPriceProps {
  readonly label: string;
  readonly description?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly autoFocus?: boolean;
}

/** A price in dollars per million tokens. */
export function TokenPrice({ label, description, value, onChange, autoFocus }: TokenPriceProps) {
  return (
    <NumberInput
      label={label}
      description={description}
      inputWrapperOrder={['label', 'input', 'description']}
      prefix="$"
      placeholder="$0.00"
      min={0}
      max={1e9}
      decimalScale={6}
      allowNegative={false}
      value={value}
      data-autofocus={autoFocus || undefined}
      onChange={(next) => onChange(String(next))}
    />
  );
}
