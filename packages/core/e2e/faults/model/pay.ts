import { createHash } from 'node:crypto'
import sharp from 'sharp'

/** A picture that the fake server was paid for. */
export type FakePicture = { prompt: string; sha256: string; usd: number; bytes: Buffer }

/** What gpt-image-1-mini costs by the usage that the server reports: per request, per picture. */
const inputUsd = 10 * 2e-6
const outputUsd = 10 * 8e-6

/**
 * Paints the pictures of a request: they depend only on the prompt and the number.
 *
 * @param options.urlOf returns the link that the answer has in place of a picture; `undefined` for
 *   none
 */
export async function payFor(
  { prompt, n = 1 }: { prompt: string; n?: number },
  {
    discount = 1,
    urlOf = () => undefined,
  }: { discount?: number; urlOf?: (picture: FakePicture) => string | undefined } = {},
): Promise<{ pictures: FakePicture[]; answer: object }> {
  const pictures: FakePicture[] = []
  for (let number = 0; number < n; number++) {
    const bytes = await paint(`${prompt} ${number}`)
    const usd = discount * (outputUsd + (number === 0 ? inputUsd : 0))
    pictures.push({ prompt, sha256: digestOf(bytes), usd, bytes })
  }
  const data = pictures.map((picture) => {
    const url = urlOf(picture)
    return url === undefined ? { b64_json: picture.bytes.toString('base64') } : { url }
  })
  const usage = {
    input_tokens: 10,
    output_tokens: 10 * n,
    total_tokens: 10 + 10 * n,
    input_tokens_details: { text_tokens: 10, image_tokens: 0 },
  }
  return { pictures, answer: { created: 1, data, usage } }
}

const painted = new Map<string, Buffer>()

export async function paint(seed: string): Promise<Buffer> {
  const known = painted.get(seed)
  if (known !== undefined) return known
  const [r, g, b] = createHash('sha256').update(seed).digest()
  const background = { r: r!, g: g!, b: b! }
  const bytes = await sharp({ create: { width: 64, height: 64, channels: 3, background } })
    .png()
    .toBuffer()
  painted.set(seed, bytes)
  return bytes
}

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
