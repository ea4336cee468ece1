/*
 * Formats of JSON Schema. Texts come from outside, so every check reads its text a fixed number of times, and each format has a maximum
 * length.
 */

/** How texts of one format are recognized. */
interface Format {
  readonly words: string;
  readonly longest: number;
  fits(text: string): boolean;
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined || month < 1) return false;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const most = month === 2 && !isLeap ? 28 : DAYS[month - 1];
  return most !== undefined && day >= 1 && day <= most;
}

function isTime(text: string, zone: 'required' | 'optional'): boolean {
  const parts = /^(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:(z)|([+-])(\d\d)(?::?(\d\d))?)?$/i.exec(text);
  if (!parts) return false;
  const [hour = 0, minute = 0, second = 0] = parts.slice(1, 4).map(Number);
  const [sign, zoneHour, zoneMinute] = [parts[5] === '-' ? -1 : 1, Number(parts[6] ?? 0), Number(parts[7] ?? 0)];
  if (zoneHour > 23 || zoneMinute > 59) return false;
  if (zone === 'required' && parts[4] === undefined && parts[6] === undefined) return false;
  if (hour <= 23 && minute <= 59 && second < 60) return true;
  // A leap second is the last second of a day in UTC.
  const utc = (hour * 60 + minute - sign * (zoneHour * 60 + zoneMinute) + 2 * 1_440) % 1_440;
  return second < 61 && hour <= 23 && minute <= 59 && utc === 1_439;
}

function isDateTime(text: string, zone: 'required' | 'optional'): boolean {
  return /^.{10}[t\s]/i.test(text) && isDate(text.slice(0, 10)) && isTime(text.slice(11), zone);
}

const LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i;
const isLabel = (label: string): boolean => label.length <= 63 && LABEL.test(label);
const isHostname = (text: string): boolean => text.replace(/\.$/, '').split('.').every(isLabel);

function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@');
  const [local, domain] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  const isLocal = local.length <= 64 && local.split('.').every((part) => /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+$/i.test(part));
  return isLocal && domain.includes('.') && domain.split('.').every(isLabel);
}

const isIpv4 = (text: string): boolean => /^(\d{1,3}\.){3}\d{1,3}$/.test(text) && text.split('.').every((part) => Number(part) <= 255 && !/^0\d/.test(part));
const isIpv6 = (text: string): boolean => /^[0-9a-f:.]+$/i.test(text) && URL.canParse(`http://[${text}]`);

const URI_LETTERS = /^[!#$%&'()*+,\-./0-9:;=?@A-Z[\]_a-z~]*$/;
const isEscaped = (text: string): boolean => !/%(?![0-9a-f]{2})/i.test(text);
const isUri = (text: string): boolean => /^[a-z][a-z0-9+.-]*:/i.test(text) && URI_LETTERS.test(text) && isEscaped(text) && URL.canParse(text);
const isUriReference = (text: string): boolean => URI_LETTERS.test(text) && isEscaped(text) && URL.canParse(text, 'http://host/');
const isUrl = (text: string): boolean => /^(https?|ftp):\/\/[^\s]+$/i.test(text) && URL.canParse(text);
const isUriTemplate = (text: string): boolean =>
  /^[^\s"'<>\\^`|]*$/.test(text) && isEscaped(text) && !/\{[^{}]*(\{|$)/.test(text) && !/(^|\})[^{}]*\}/.test(text);

const isDuration = (text: string): boolean => /^P(?!$)((\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?|(\d+W)?)$/.test(text);

function isRegex(text: string): boolean {
  try {
    return Boolean(new RegExp(text, 'u'));
  } catch {
    return false;
  }
}

const isPointer = (text: string): boolean => (text === '' || text.startsWith('/')) && !/~(?![01])/.test(text);
const isRelativePointer = (text: string): boolean => {
  const [, rest] = /^(?:0|[1-9]\d*)(#|\/.*|)$/s.exec(text) ?? [];
  return rest !== undefined && (rest === '#' || isPointer(rest));
};
const isBase64 = (text: string): boolean => text.length % 4 === 0 && /^[a-z0-9+/]*={0,2}$/i.test(text);

const format = (words: string, longest: number, fits: (text: string) => boolean): Format => ({ words, longest, fits });
const LONG = 65_536;

const FORMATS: ReadonlyMap<string, Format> = new Map(
  Object.entries({
    date: format('a date, for example 2026-01-31', 10, isDate),
    'date-time': format('a date and time with its zone, for example 2026-01-31T09:00:00Z', 64, (text) => isDateTime(text, 'required')),
    time: format('a time with its zone, for example 09:00:00Z', 64, (text) => isTime(text, 'required')),
    'iso-date-time': format('a date and time, for example 2026-01-31T09:00:00', 64, (text) => isDateTime(text, 'optional')),
    'iso-time': format('a time, for example 09:00:00', 64, (text) => isTime(text, 'optional')),
    duration: format('a duration, for example P3DT12H', 64, isDuration),
    email: format('an email address', 320, isEmail),
    hostname: format('a host name, for example example.com', 254, isHostname),
    ipv4: format('an IPv4 address', 15, isIpv4),
    ipv6: format('an IPv6 address', 45, isIpv6),
    uri: format('a URI, for example https://example.com/page', LONG, isUri),
    'uri-reference': format('a URI or a relative reference', LONG, isUriReference),
    'uri-template': format('a URI template', LONG, isUriTemplate),
    url: format('a URL, for example https://example.com/page', LONG, isUrl),
    uuid: format('a UUID', 45, (text) => /^(urn:uuid:)?[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text)),
    regex: format('a regular expression', 10_000, isRegex),
    'json-pointer': format('a JSON pointer', LONG, isPointer),
    'relative-json-pointer': format('a relative JSON pointer', LONG, isRelativePointer),
    'json-pointer-uri-fragment': format(
      'a JSON pointer as a URI fragment',
      LONG,
      (text) => text.startsWith('#') && isEscaped(text) && isPointer(text.slice(1)),
    ),
    byte: format('Base64', Number.POSITIVE_INFINITY, isBase64),
  }),
);

/** The checked formats. Others accept any text. */
export const textFormat = (name: string): Format | undefined => FORMATS.get(name);

/** Whether the validator accepts this text as this format. */
export const isOfFormat = (name: string, text: string): boolean => {
  const known = FORMATS.get(name);
  return !known || (text.length <= known.longest && known.fits(text));
};
