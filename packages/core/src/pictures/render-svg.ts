import { type ChildProcess, fork } from 'node:child_process'
import { LimnError } from '../errors.ts'
import type { Pixels } from './pixels.ts'
import type { RenderOrder, RenderResult } from './svg-process.ts'
import { unreadablePicture } from './unreadable-picture.ts'

/** Script of the process, from source or from the build. */
const script = new URL(
  import.meta.url.endsWith('.ts') ? './svg-process.ts' : './svg-process.js',
  import.meta.url,
)

/** Longest time to render one SVG, ms: the heaviest ones of models take a second. */
const TIME_LIMIT = 20_000

/** Processes that wait for the next SVG. They have no state, so everything in a process shares them. */
const idle: ChildProcess[] = []

/**
 * Renders an SVG in a separate process, which starts with the first SVG and is ended if it takes
 * too long.
 *
 * @param timeLimit in ms
 * @throws LimnError `picture/unreadable`
 */
export async function renderApart(
  order: RenderOrder,
  timeLimit: number = TIME_LIMIT,
): Promise<Pixels> {
  const child = idle.pop() ?? startProcess()
  setRef(child, true)
  try {
    const result = await requestPixels(child, { order, timeLimit })
    // An idle process must not keep Limn alive. It ends when Limn does.
    setRef(child, false)
    idle.push(child)
    if ('failure' in result) throw unreadablePicture(result.failure)
    const { data, ...size } = result.pixels
    return { ...size, data: Buffer.from(data.buffer, data.byteOffset, data.byteLength) }
  } catch (error) {
    if (!idle.includes(child)) child.kill('SIGKILL')
    throw error
  }
}

function startProcess(): ChildProcess {
  const child = fork(script, [], {
    // The options of Limn's own process, such as a debugger, are not for this one.
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  child.once('exit', () => {
    if (idle.includes(child)) idle.splice(idle.indexOf(child), 1)
  })
  // Reported by `requestPixels`; an idle process has no one to report to.
  child.on('error', () => {})
  return child
}

function setRef(child: ChildProcess, isBusy: boolean): void {
  const method = isBusy ? 'ref' : 'unref'
  child[method]()
  child.channel?.[method]()
}

async function requestPixels(
  child: ChildProcess,
  { order, timeLimit }: { order: RenderOrder; timeLimit: number },
): Promise<RenderResult> {
  const listening = new AbortController()
  try {
    return await new Promise((resolve, reject) => {
      const { signal } = listening
      const fail = (cause?: unknown): void =>
        reject(unreadablePicture('the process that renders SVGs has ended', cause))
      const timer = setTimeout(() => reject(tooSlow(timeLimit)), timeLimit)
      const onMessage = (result: RenderResult): void => resolve(result)
      const onExit = (): void => fail()
      child.on('message', onMessage).on('exit', onExit).on('error', fail)
      signal.addEventListener('abort', () => {
        clearTimeout(timer)
        child.off('message', onMessage).off('exit', onExit).off('error', fail)
      })
      child.send(order, (error) => {
        if (error !== null) fail(error)
      })
    })
  } finally {
    listening.abort()
  }
}

function tooSlow(timeLimit: number): LimnError {
  return new LimnError(
    'picture/unreadable',
    `The picture can't be read: rendering the SVG takes more than ${timeLimit / 1000} s.`,
    { hint: 'Simplify its filters and patterns, or generate it again.' },
  )
}
