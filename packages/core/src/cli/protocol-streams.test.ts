import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { reserveStdout } from './protocol-streams.ts'
import type { Streams } from './streams.ts'

test('sends what others print to standard error until the protocol ends', async () => {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  const streams = { stdin: () => stdin, stdout: () => stdout, stderr: () => stderr }
  const { output, release } = reserveStdout(streams as unknown as Streams)
  stdout.write('noise\n')
  output.write('{}\n')
  await new Promise((resolve) => setImmediate(resolve))
  release()
  stdout.write('after\n')
  stdout.end()
  stderr.end()
  expect(await text(stdout)).toBe('{}\nafter\n')
  expect(await text(stderr)).toBe('noise\n')
})
