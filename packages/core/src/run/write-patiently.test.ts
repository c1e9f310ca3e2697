import { expect, test } from 'vitest'
import { LimnError } from '../errors.ts'
import { writePatiently } from './write-patiently.ts'

function failure(code: string): LimnError {
  const cause = Object.assign(new Error(code), { code })
  return new LimnError('store/failed', `x can't be written: ${code}.`, { cause })
}

type World = {
  /** The error of each attempt; the last one repeats. `undefined`: it succeeds. */
  errors: (string | undefined)[]
  elsewhere?: string
  quit?: AbortSignal
  isPatient?: boolean
}

async function write({
  errors,
  elsewhere,
  quit,
  isPatient = true,
}: World): Promise<{
  sleeps: number[]
  attempts: number
  stalls: number
  error: LimnError | undefined
}> {
  const sleeps: number[] = []
  let [attempts, stalls] = [0, 0]
  const error = await writePatiently(
    async () => {
      const code = errors[Math.min(attempts++, errors.length - 1)]
      if (code !== undefined) throw failure(code)
    },
    {
      clock: { sleep: async (ms) => void sleeps.push(ms) },
      quit,
      isPatient,
      saveElsewhere: async () => elsewhere,
      onStall: () => stalls++,
    },
  ).then(
    () => undefined,
    (problem: unknown) => problem as LimnError,
  )
  return { sleeps, attempts, stalls, error }
}

test.each(['EMFILE', 'ENFILE', 'EAGAIN', 'EBUSY', 'EIO', 'ENOSPC'])(
  'writes a picture once %s has passed',
  async (code) => {
    const { error, attempts, stalls, sleeps } = await write({ errors: [code, code, undefined] })
    expect({ error, attempts, stalls }).toEqual({ error: undefined, attempts: 3, stalls: 1 })
    expect(sleeps).toEqual(sleeps.toSorted((a, b) => a - b))
  },
)

test('waits longer for open files than idle connections stay open, then saves the picture elsewhere', async () => {
  const { error, sleeps } = await write({ errors: ['EMFILE'], elsewhere: '/tmp/limn-x' })
  expect(sleeps.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(15_000)
  expect(error!.message).toContain('The picture was saved to /tmp/limn-x.')
})

test('saves the picture on another disk soon if its own fails', async () => {
  const { error, sleeps } = await write({ errors: ['ENOSPC'], elsewhere: '/tmp/limn-x' })
  expect(sleeps).toHaveLength(3)
  expect(error!.message).toContain('The picture was saved to /tmp/limn-x.')
})

test('retries a full disk for longer if no other accepts the picture', async () => {
  expect(
    (await write({ errors: ['ENOSPC', 'ENOSPC', 'ENOSPC', 'ENOSPC', 'ENOSPC', undefined] })).error,
  ).toBeUndefined()
  expect((await write({ errors: ['EIO'] })).error).toMatchObject({ code: 'store/failed' })
})

test('does not wait for a permission, after an earlier failure, or once the run was stopped', async () => {
  expect((await write({ errors: ['EROFS'] })).sleeps).toEqual([])
  expect((await write({ errors: ['EMFILE'], isPatient: false })).sleeps).toEqual([])
  expect((await write({ errors: ['EMFILE'], quit: AbortSignal.abort() })).sleeps).toEqual([])
})
