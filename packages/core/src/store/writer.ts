import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isErrno, LimnError } from '../errors.ts'
import { storeError } from './atomic.ts'
import type { ProjectPaths } from './paths.ts'
import { ensureStateFolder } from './state.ts'

/** How long one process waits for another, ms: a run over many pictures takes its time. */
const MAX_WAIT = 60 * 60_000

/**
 * Does some work as the only writer of a project. Another process that is writing is waited
 * for; one that died is not. Readers never wait.
 *
 * @throws LimnError `store/busy` after an hour, `store/read-only` and the like where no lock can be made
 */
export async function asOnlyWriter<T>(paths: ProjectPaths, onWait: () => void, work: () => Promise<T>): Promise<T> {
  const { lock } = await import('proper-lockfile')
  await ensureStateFolder(paths.state)
  await mkdir(paths.state, { recursive: true })
  const options = { lockfilePath: join(paths.state, 'writer.lock'), stale: 15_000, update: 4000, realpath: false }
  const deadline = Date.now() + MAX_WAIT
  let release: (() => Promise<void>) | undefined
  for (let told = false; release === undefined; ) {
    try {
      release = await lock(paths.state, options)
    } catch (error) {
      if (!isErrno(error, 'ELOCKED')) throw storeError(error, options.lockfilePath)
      if (Date.now() > deadline) throw new LimnError('store/busy', 'Another Limn has been writing to this project for an hour.', { hint: `Stop it. If there is none, delete ${options.lockfilePath}.` })
      if (!told) onWait()
      told = true
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  try {
    return await work()
  } finally {
    await release().catch(() => {})
  }
}
