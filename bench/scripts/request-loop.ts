/*
 * The fastest that a server allows: sends the same requests, a fixed number at a time, and discards
 * the answers. Prints the time, ms.
 */
const [count, concurrency] = process.argv.slice(2).map(Number) as [number, number]
const { OPENAI_BASE_URL: baseURL, OPENAI_API_KEY: key } = process.env
let next = 0
const started = performance.now()
await Promise.all(
  Array.from({ length: concurrency }, async () => {
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
      if (!response.ok) throw new Error(`The server answered with status ${response.status}.`)
    }
  }),
)
process.stdout.write(`${JSON.stringify({ ms: performance.now() - started })}\n`)
