import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { startImageServer } from '../../../../fixtures/openai-server/index.ts'
import { main } from '../../src/cli/main.ts'
import type { Scene } from './scenes.ts'

/** A terminal: its width in cells, and whether it shows colours. */
export type Terminal = { columns: number; hasColours: boolean }

/** A status line is removed by this text. */
const CLEAR_LINE = '\r\u001B[K'

/** Plays a scene. @returns what the terminal shows, with escape codes of colours */
export async function play(scene: Scene, terminal: Terminal): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'limn-terminal-'))
  const server = await startImageServer({ latencyMs: 20 })
  const env = {
    OPENAI_API_KEY: 'sk-test-0123456789abcdefghijklmnop',
    OPENAI_BASE_URL: server.baseURL,
    LIMN_TRUST: `OPENAI_API_KEY@${new URL(server.baseURL).host}`,
    HOME: root,
  }
  const cwd = join(root, 'shop')
  const run = (args: readonly string[]): Promise<string> =>
    runCommand(args, { cwd, env, scene, terminal })
  try {
    await mkdir(cwd)
    await writeFiles(cwd, scene.files)
    for (const args of scene.before ?? []) await run(args)
    await writeFiles(cwd, scene.edits ?? {})
    server.next(...(scene.faults ?? []))
    const texts: string[] = []
    for (const args of scene.commands) {
      texts.push(`$ ${['limn', ...args].join(' ')}\n${await run(args)}`)
    }
    return texts.join('\n')
  } finally {
    await server.close()
    await rm(root, { recursive: true, force: true })
  }
}

async function writeFiles(folder: string, files: Scene['files']): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
}

type CommandOptions = {
  cwd: string
  env: Readonly<Record<string, string>>
  scene: Scene
  terminal: Terminal
}

/** Runs a command at a terminal that does not exist. @returns what it shows at the end */
async function runCommand(
  args: readonly string[],
  { cwd, env, scene: { answer = 'n', statusLines }, terminal }: CommandOptions,
): Promise<string> {
  const chunks: string[] = []
  const stdin = Object.assign(new PassThrough(), { isTTY: true })
  const open = (): PassThrough =>
    Object.assign(new PassThrough(), {
      isTTY: true,
      columns: terminal.columns,
      getColorDepth: () => (terminal.hasColours ? 24 : 1),
    }).on('data', (chunk: Buffer) => {
      const text = chunk.toString()
      chunks.push(text)
      if (!text.includes('[y/N] ')) return
      stdin.write(`${answer}\n`)
    })
  const host = {
    stdin,
    stdout: open(),
    stderr: open(),
    env,
    argv: ['node', 'limn'],
    cwd: () => cwd,
    on: () => {},
    off: () => {},
    exit: () => {},
  }
  await main(args, host as unknown as Parameters<typeof main>[1])
  await new Promise((resolve) => setImmediate(resolve))
  return shownAt(chunks.join(''), statusLines)
}

/** Returns what a terminal shows after a number of status lines; by default at the end. */
function shownAt(text: string, statusLines = Infinity): string {
  const parts = text.split(CLEAR_LINE)
  const seen = parts.slice(0, statusLines)
  const kept = seen.map((part, index) => {
    const isRemoved = index < parts.length - 1
    const isShownNow = index === statusLines - 1
    return isRemoved && !isShownNow ? part.slice(0, part.lastIndexOf('\n') + 1) : part
  })
  return kept.join('')
}
