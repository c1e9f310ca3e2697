import { PassThrough } from 'node:stream'
import {
  type CallToolResult,
  Client,
  type ClientOptions,
  type JSONRPCMessage,
  type RequestOptions,
  ReadBuffer,
  serializeMessage,
  type Transport,
} from '@modelcontextprotocol/client'
import { expect, onTestFinished } from 'vitest'
import { main } from '../src/cli/main.ts'
import type { TestProject } from './test-project.ts'

/** What a tool answered, as its schema describes it, and the texts that a model reads. */
type Answer = {
  data: Record<string, unknown>
  texts: string[]
  pictures: { mime: string; bytes: Buffer }[]
  isError: boolean
}

/** A running `limn mcp` in this process, and the SDK's client that is connected to it. */
export type Mcp = {
  client: Client
  /** Calls a tool, and expects it to succeed. */
  call(name: string, input?: Record<string, unknown>, options?: RequestOptions): Promise<Answer>
  /** Calls a tool, and expects it to fail. @returns its message */
  fail(name: string, input?: Record<string, unknown>): Promise<string>
  /** All that the server wrote to standard output. */
  readonly stdout: string
  readonly stderr: string
  /** Messages in both directions, in their order. */
  readonly messages: readonly { from: 'client' | 'server'; message: JSONRPCMessage }[]
  /** Interrupts the server. */
  interrupt(): void
  /** Ends the client's side. @returns the exit code */
  leave(): Promise<number>
}

/** Starts `limn mcp` for a project, and connects the SDK's client. */
export async function startMcp(
  project: Pick<TestProject, 'root' | 'env'>,
  args: readonly string[] = [],
  options: ClientOptions = {},
): Promise<Mcp> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  const texts = { stdout: '', stderr: '' }
  stdout.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString()))
  stderr.on('data', (chunk: Buffer) => (texts.stderr += chunk.toString()))
  let interrupt = (): void => {}
  const host = {
    stdin,
    stdout,
    stderr,
    env: project.env,
    argv: ['node', 'limn'],
    cwd: () => project.root,
    on: (signal: string, listener: () => void) => {
      if (signal === 'SIGINT') interrupt = listener
    },
    off: () => {},
    exit: () => {},
  }
  const ended = main(['mcp', ...args], host as unknown as Parameters<typeof main>[1])
  const messages: { from: 'client' | 'server'; message: JSONRPCMessage }[] = []
  const client = new Client({ name: 'test', version: '1' }, options)
  const leave = async (): Promise<number> => {
    stdin.end()
    return ended
  }
  onTestFinished(async () => void (await leave()))
  await Promise.race([
    client.connect(streamTransport(stdin, stdout, messages)),
    ended.then((code) =>
      Promise.reject(new Error(`limn mcp exited with ${code}: ${texts.stderr}`)),
    ),
  ])
  const send = async (
    name: string,
    input: Record<string, unknown>,
    requestOptions?: RequestOptions,
  ): Promise<Answer> =>
    readAnswer(await client.callTool({ name, arguments: input }, requestOptions))
  return {
    client,
    async call(name, input = {}, requestOptions) {
      const answer = await send(name, input, requestOptions)
      expect(answer.isError, answer.texts.join('\n')).toBe(false)
      return answer
    },
    async fail(name, input = {}) {
      const { isError, texts: lines } = await send(name, input)
      expect(isError, lines.join('\n')).toBe(true)
      return lines.join('\n')
    },
    get stdout() {
      return texts.stdout
    },
    get stderr() {
      return texts.stderr
    },
    messages,
    interrupt: () => interrupt(),
    leave,
  }
}

function readAnswer({ content, structuredContent, isError }: CallToolResult): Answer {
  return {
    data: (structuredContent ?? {}) as Record<string, unknown>,
    texts: content.flatMap((part) => (part.type === 'text' ? [part.text] : [])),
    pictures: content.flatMap((part) =>
      part.type === 'image'
        ? [{ mime: part.mimeType, bytes: Buffer.from(part.data, 'base64') }]
        : [],
    ),
    isError: isError === true,
  }
}

/** Connects a client to the streams of a process, and records the messages. */
function streamTransport(
  toServer: PassThrough,
  fromServer: PassThrough,
  messages: { from: 'client' | 'server'; message: JSONRPCMessage }[],
): Transport {
  const buffer = new ReadBuffer()
  const transport: Transport = {
    async start() {
      fromServer.on('data', (chunk: Buffer) => {
        buffer.append(chunk)
        for (let next = buffer.readMessage(); next !== null; next = buffer.readMessage()) {
          messages.push({ from: 'server', message: next })
          transport.onmessage?.(next)
        }
      })
    },
    async send(message) {
      messages.push({ from: 'client', message })
      toServer.write(serializeMessage(message))
    },
    async close() {
      transport.onclose?.()
    },
  }
  return transport
}
