import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { kill, pid } from 'node:process'
import { isErrno, LimnError } from '../errors.ts'
import { storeError } from './atomic.ts'
import type { ProjectPaths } from './paths.ts'
import { ensureStateFolder } from './state.ts'

/** How long one process waits for another, ms: a run over many pictures takes its time. */
const MAX_WAIT = 60 * 60_000

/** After so long without a sign of life a lock is taken over, ms. */
const STALE = 15_000
/** The same where its owner is known to have died. */
const STALE_OF_DEAD = 2000

/**
 * Does some work as the only writer of a project. Another process that is writing is waited
 * for; one that died is not. Readers never wait.
 *
 * `work` is told whether the last writer died: what it was writing lies about half written then.
 *
 * @throws LimnError `store/busy` after an hour, `store/read-only` and the like where no lock can be made
 */
export async function asOnlyWriter<T>(paths: ProjectPaths, onWait: () => void, work: (lastDied: boolean) => Promise<T>): Promise<T> {
  const { check, lock } = await import('proper-lockfile')
  await ensureStateFolder(paths.state)
  await mkdir(paths.state, { recursive: true })
  const options = { lockfilePath: join(paths.state, 'writer.lock'), stale: STALE, update: 4000, realpath: false }
  const ownerFile = join(paths.state, 'writer.json')
  const deadline = Date.now() + MAX_WAIT
  let release: (() => Promise<void>) | undefined
  for (let told = false; release === undefined; ) {
    try {
      release = await lock(paths.state, options)
    } catch (error) {
      if (!isErrno(error, 'ELOCKED')) throw storeError(error, options.lockfilePath)
      if ((await isDead(ownerFile)) && !(await check(paths.state, { ...options, stale: STALE_OF_DEAD }))) {
        await rm(options.lockfilePath, { recursive: true, force: true })
        continue
      }
      if (Date.now() > deadline) throw new LimnError('store/busy', 'Another Limn has been writing to this project for an hour.', { hint: `Stop it. If there is none, delete ${options.lockfilePath}.` })
      if (!told) onWait()
      told = true
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  const lastDied = existsSync(ownerFile)
  await writeFile(ownerFile, JSON.stringify({ pid, host: hostname() })).catch(() => {})
  try {
    return await work(lastDied)
  } finally {
    await rm(ownerFile, { force: true }).catch(() => {})
    await release().catch(() => {})
  }
}

/** Whether the last writer was a process of this machine that has ended, however it ended. */
async function isDead(ownerFile: string): Promise<boolean> {
  try {
    const owner = JSON.parse(await readFile(ownerFile, 'utf8')) as { pid: number; host: string }
    if (owner.host !== hostname()) return false
    kill(owner.pid, 0)
    return false
  } catch (error) {
    return isErrno(error, 'ESRCH')
  }
}
