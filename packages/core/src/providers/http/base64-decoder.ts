/** Decodes base64 that arrives in pieces, without ever holding it as one text. */
export type Base64Decoder = {
  /** Decodes a piece. @returns whether everything so far is plain base64 */
  add(piece: Buffer): boolean
  /** Returns the bytes; `undefined` if the text is not valid base64. */
  end(): Uint8Array | undefined
  /** Returns what was added, as text. */
  text(): string
}

/** Bytes that Node decodes or skips although plain base64 has none of them: `\\`, `-`, `_`. */
const NOT_PLAIN = [0x5c, 0x2d, 0x5f]

/** @param expected number of characters to reserve memory for; more are accepted */
export function createBase64Decoder(expected: number): Base64Decoder {
  let decoded = Buffer.allocUnsafeSlow(Math.ceil((expected * 3) / 4))
  let length = 0
  /** The characters that are not decoded yet, at most four: the last group may be padded. */
  let left = ''
  const decode = (text: string): boolean => {
    const more = Math.floor((text.length * 3) / 4)
    if (length + more > decoded.length) {
      decoded = Buffer.concat(
        [decoded.subarray(0, length)],
        Math.max(2 * decoded.length, length + more),
      )
    }
    // Node skips characters that are not base64.
    const isPlain = decoded.write(text, length, 'base64') === more
    if (isPlain) length += more
    return isPlain
  }
  const decodePiece = (piece: Buffer): boolean => {
    const decodable = Math.floor((left.length + piece.length - 1) / 4) * 4
    const [start, end] = [(4 - (left.length % 4)) % 4, decodable - left.length]
    if (decodable <= 0) left += piece.toString('latin1')
    // Decode no more than a piece at once: longer strings would outlive their use.
    else if (
      decode(left + piece.toString('latin1', 0, start)) &&
      decode(piece.toString('latin1', start, end))
    ) {
      left = piece.toString('latin1', end)
    } else return false
    return true
  }
  return {
    add(piece) {
      const before = { length, left }
      if (NOT_PLAIN.every((byte) => !piece.includes(byte)) && decodePiece(piece)) return true
      length = before.length
      left = before.left + piece.toString('latin1')
      return false
    },
    end() {
      if (!/^[\w+/]{2,4}={0,2}$/.test(left) || !decode(left.replace(/={1,2}$/, ''))) {
        return undefined
      }
      // Free the memory that was reserved for more than arrived.
      return 2 * length < decoded.length
        ? Buffer.from(decoded.subarray(0, length))
        : decoded.subarray(0, length)
    },
    text: () => decoded.toString('base64', 0, length) + left,
  }
}
