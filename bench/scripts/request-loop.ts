/*
 * The least that a server allows: the same requests, so many at a time, and the answers read
 * and thrown away. Prints the time it took, ms.
 */
const [count, atATime] = process.argv.slice(2).map(Number) as [number, number]
const { OPENAI_BASE_URL: baseURL, OPENAI_API_KEY: key } = process.env
let next = 0
const started = performance.now()
await Promise.all(
  Array.from({ length: atATime }, async () => {
    while (next < count) {
      const body = JSON.stringify({
        model: 'dall-e-2',
        prompt: `Picture ${next++}`,
        size: '256x256',
        response_format: 'b64_json',
      })
      const response = await fetch(`${baseURL}/images/generations`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body,
      })
      await response.arrayBuffer()
      if (!response.ok) throw new Error(`The server answered ${response.status}`)
    }
  }),
)
process.stdout.write(`${JSON.stringify({ ms: performance.now() - started })}\n`)
