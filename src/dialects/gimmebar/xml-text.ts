/** Text without the characters that XML 1.0 cannot hold in any way, and other controls. */
export const allowedInXml = (text: string): string =>
  text.replaceAll(/[^\P{Cc}\t\n\r]|\p{Cs}|[\ufffe\uffff]/gu, '')
