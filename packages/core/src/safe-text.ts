/*
 * Makes text of others safe to show: of manifests, lockfiles, servers, file names and arguments.
 * Every start of the command line loads this module, so it imports nothing.
 */

/**
 * What a terminal or an editor acts on instead of showing it: control characters except line breaks
 * and tabs, the marks that reorder a text (UAX #9), and Unicode's own line breaks.
 */
const UNPRINTABLE = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu

/** Replaces each unprintable character by `�`, so that columns stay aligned. Keeps line breaks. */
export function replaceUnprintable(text: string): string {
  return text.replace(UNPRINTABLE, '\uFFFD')
}

/**
 * Replaces what is unprintable, and shows each line break as `↵`: a value with a line break must
 * not look like a line of Limn's own.
 */
export function toOneLine(text: string): string {
  return replaceUnprintable(text.replace(/\r?\n/g, '\u21B5'))
}

/** Escapes the unprintable characters of a JSON text, which keeps its value. */
export function escapeUnprintable(json: string): string {
  return json.replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/**
 * Replaces keys by `[key]`, and removes user names, passwords, queries and fragments of URLs, which
 * may be credentials.
 *
 * @param secrets values to replace wherever they occur; empty ones are ignored
 */
export function redactSecrets(text: string, secrets: readonly string[] = []): string {
  return secrets
    .filter((secret) => secret !== '')
    .toSorted((a, b) => b.length - a.length)
    .reduce(withoutSecret, text)
    .replace(/\b(?:(?:sk|sess)[-_]|xai-|AIza|key-(?=[\w*-]*[\d*]))[\w*-]{6,}/g, '[key]')
    .replace(/\bBearer\s+[\w.~+/-]+=*/gi, 'Bearer [key]')
    .replace(/(\b[a-z][\w+.-]{0,20}:\/\/)[^\s/@]*@/gi, '$1')
    .replace(/(\b[a-z][\w+.-]{0,20}:\/\/[^\s?#"'<>]*)[?#][^\s"'<>]*/gi, '$1?…')
}

/** A secret of a few characters may be a part of any word. */
function withoutSecret(text: string, secret: string): string {
  if (secret.length >= 8) return text.replaceAll(secret, '[key]')
  const escaped = secret.replace(/\W/g, '\\$&')
  return text.replaceAll(new RegExp(`(?<!\\w)${escaped}(?!\\w)`, 'g'), '[key]')
}

/**
 * Replaces a key by `[key]` in bytes, in each form in which a server may repeat it. Leaves
 * everything else as it is.
 *
 * @param secret ignored if it has less than 8 characters: it could be a part of a picture
 */
export function removeSecret(bytes: Uint8Array, secret: string): Uint8Array {
  if (secret.length < 8 || /[^\0-\xff]/.test(secret)) return bytes
  let rest = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (const form of [secret, encodeURIComponent(secret), btoa(secret).replace(/=+$/, '')]) {
    if (!rest.includes(form, 0, 'latin1')) continue
    rest = Buffer.from(rest.toString('latin1').replaceAll(form, '[key]'), 'latin1')
  }
  return rest
}
