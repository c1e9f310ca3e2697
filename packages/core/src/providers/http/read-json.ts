import { createPictureExtractor, type Extracted, restoreText } from './picture-extractor.ts'

/**
 * Parses JSON while it arrives. Pictures become bytes instead of base64, and neither they nor the
 * JSON are ever held as one text: many responses at a time would fill the memory. A value that is
 * not plain base64 stays text.
 *
 * Of JSON that is damaged or breaks off, the complete pictures are returned, as `{ data: […] }`:
 * they have been paid for.
 *
 * @returns `undefined` if nothing arrived
 * @throws SyntaxError for invalid JSON without a complete picture; what `chunks` throws if none is
 *   complete by then
 */
export async function readJson(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { length = 0, isText = false, onText }: ReadJsonOptions = {},
): Promise<unknown> {
  const extractor = createPictureExtractor(length)
  try {
    for await (const chunk of chunks) extractor.add(chunk)
  } catch (error) {
    const broken = extractor.end()
    onText?.(() => restoreText(broken))
    const salvaged = salvagePictures(broken)
    if (salvaged === undefined) throw error
    return salvaged
  }
  const extracted = extractor.end()
  onText?.(() => restoreText(extracted))
  try {
    return parseExtracted(extracted)
  } catch (error) {
    const values = onText === undefined ? [] : parseSequence(extracted)
    if (values.length > 0) return values.length === 1 ? values[0] : new JsonSequence(values)
    const salvaged = salvagePictures(extracted)
    if (salvaged !== undefined) return salvaged
    if (isText) return extracted.text
    throw error
  }
}

/** Several JSON values in one body, such as one per line. */
export class JsonSequence {
  readonly values: readonly unknown[]

  constructor(values: readonly unknown[]) {
    this.values = values
  }
}

type ReadJsonOptions = {
  /** Length of the JSON, bytes. Default: unknown. */
  length?: number
  /** Whether anything but JSON is returned as text. Default false. */
  isText?: boolean
  /**
   * Called with a function that returns everything that arrived. If it is set, a body of several
   * JSON values returns a `JsonSequence`, and text around a single one is skipped.
   */
  onText?: (text: () => Uint8Array) => void
}

/** Parses each complete value of a text that starts as JSON does but is not one value. */
function parseSequence(extracted: Extracted): unknown[] {
  const { text } = extracted
  // A sequence may begin with a record separator, and JSON for browsers with `)]}'`.
  if (!/^(?:\s|\p{Cc}|\)\]\}',?)*[[{]/u.test(text)) return []
  return splitValues(text).flatMap((part) => {
    try {
      return [parseExtracted({ ...extracted, text: part })]
    } catch {
      return []
    }
  })
}

/** Splits a text into its outermost objects and lists. */
function splitValues(text: string): string[] {
  const parts: string[] = []
  let [depth, start] = [0, 0]
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{}\]]/g)) {
    if (token === '[' || token === '{') {
      if (depth === 0) start = index
      depth++
    } else if (depth > 0 && (token === ']' || token === '}')) {
      depth--
      if (depth === 0) parts.push(text.slice(start, index + 1))
    }
  }
  return parts
}

function parseExtracted({ text, mark, pictures }: Omit<Extracted, 'bytes'>): unknown {
  if (text.trim() === '') return undefined
  if (pictures.length === 0) return JSON.parse(text) as unknown
  return JSON.parse(text, (key, value: unknown) => {
    const picture =
      typeof value === 'string' && value.startsWith(mark)
        ? pictures[Number(value.slice(mark.length))]!
        : undefined
    if (picture === undefined) return value
    // A longer key may end in `"b64_json"`.
    return key === 'b64_json' ? picture : Buffer.from(picture).toString('base64')
  })
}

/** A complete picture, link or type in the text of damaged JSON. */
const COMPLETE = /"(b64_json|url|type)"\s{0,100}:\s{0,100}("[^"\\]*(?:\\.[^"\\]*)*")/g

/** Returns the complete pictures and links of damaged JSON; `undefined` if there are none. */
function salvagePictures({ text, mark, pictures }: Extracted): Record<string, unknown> | undefined {
  const data: Record<string, unknown>[] = []
  let type: string | undefined
  // A web page contains links too.
  const isAnswer = /^\s*[[{]/.test(text) && /"(data|b64_json)"/.test(text)
  if (!isAnswer) return undefined
  for (const [, key, quoted] of text.matchAll(COMPLETE)) {
    const value = unquote(quoted!)
    if (value === undefined || value === '') continue
    if (key === 'type') type ??= value
    else {
      const picture = value.startsWith(mark)
        ? pictures[Number(value.slice(mark.length))]
        : undefined
      data.push({ [key!]: picture ?? value })
    }
  }
  return data.length === 0 ? undefined : { ...(type === undefined ? {} : { type }), data }
}

function unquote(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string
  } catch {
    return undefined
  }
}
