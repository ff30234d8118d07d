/**
 * Whether the key of a tag matches a pattern, in which `*` stands for any characters, or is the same as one without.
 * Tags of AWS's own (`aws:…`) match what names them so far only: nobody put them there to be read.
 */
export function keyMatcher(pattern: string): (key: string) => boolean {
  if (!isPattern(pattern)) return (key) => key === pattern;
  const regExp = new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`, 'su');
  return pattern.startsWith(AWS) ? (key) => regExp.test(key) : (key) => !key.startsWith(AWS) && regExp.test(key);
}

/** What the keys of AWS's own tags start with. */
export const AWS = 'aws:';

export function isPattern(key: string): boolean {
  return key.includes('*');
}

function escaped(text: string): string {
  return text.replace(/[\\^$.+?()[\]{}|/]/g, '\\$&');
}
