/** RFC 6455, section 5.5.1: what a close frame has room for, in bytes of UTF-8. */
const maxBytes = 123;

/** The text as a close frame can carry it: cut between two characters where it is longer. */
export function closeReason(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  // A stream may go on, so a character that is cut in two is left out.
  return new TextDecoder().decode(bytes.subarray(0, maxBytes), { stream: true });
}
