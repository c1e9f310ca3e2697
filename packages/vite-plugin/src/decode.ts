/** A text without its percent encoding; one that is not encoded well, as it is. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
