import { isObject } from '../../is-object.ts'
import { readResponse } from '../http/read-response.ts'
import { toBytes } from './decode-picture.ts'
import { type AnswerPicture, findPictures } from './find-pictures.ts'

/** What a stored response contains. */
export type OpenedResponse = {
  /** The most complete picture first. They are untrusted bytes. */
  pictures: Uint8Array[]
  links: string[]
}

/** Finds the pictures and links in the file of a response, also in a stream that broke off. */
export async function openResponse(file: Uint8Array): Promise<OpenedResponse> {
  const values = await readValues(file)
  const found = values.flatMap((value): AnswerPicture[] => [
    ...findPictures(value),
    ...(isObject(value) && Array.isArray(value['links'])
      ? value['links'].map((url: unknown) => ({ url }))
      : []),
  ])
  const pictures: Uint8Array[] = []
  const links: string[] = []
  for (const { b64_json: base64, url } of found) {
    if (typeof url === 'string' && url !== '') links.push(url)
    if (!(typeof base64 === 'string' || base64 instanceof Uint8Array)) continue
    try {
      pictures.push(toBytes(base64))
    } catch {
      // The other pictures may be complete.
    }
  }
  return { pictures, links }
}

async function readValues(file: Uint8Array): Promise<unknown[]> {
  try {
    const body = await readResponse(new Response(Buffer.from(file)))
    if (body.kind === 'value') return [body.value]
    const values: unknown[] = []
    for await (const { value } of body.events) values.push(value)
    // The last picture of a stream is the least partial one.
    return values.toReversed()
  } catch {
    return valuesInText(Buffer.from(file).toString('latin1'))
  }
}

/** Finds pictures and links in JSON that is damaged in another place. */
function valuesInText(text: string): unknown[] {
  const fields = text.matchAll(/"(b64_json|url)"\s*:\s*("(?:[^"\\]|\\.)*")/g)
  return [...fields].flatMap(([, key, value]) => {
    try {
      return [{ [key!]: JSON.parse(value!) as unknown }]
    } catch {
      return []
    }
  })
}
