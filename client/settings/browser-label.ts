/** In order of precedence: most browsers also name others. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg\w*\//, 'Edge'],
  [/\b(OPR|Opera)\//, 'Opera'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Headless)?(Chrome|CriOS)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

const wordFor = (all: typeof BROWSERS, text: string): string | undefined => all.find(([pattern]) => pattern.test(text))?.[1];

/** A readable name for a user agent: “Firefox on Windows”. */
export function browserLabel(userAgent: string): string {
  const browser = wordFor(BROWSERS, userAgent);
  const system = wordFor(SYSTEMS, userAgent);
  if (browser === undefined) return userAgent === '' ? 'Unknown program' : userAgent.split(' ', 1).join('').slice(0, 60);
  return system === undefined ? browser : `${browser} on ${system}`;
}
