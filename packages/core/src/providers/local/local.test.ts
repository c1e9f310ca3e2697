import { expect, test } from 'vitest'
import type { ImageRequest } from '../../identity/request.ts'
import { createLocalProvider } from './local.ts'

test('reports a run that was stopped before the picture was drawn', async () => {
  const provider = createLocalProvider(1)
  const request = { prompt: 'A lighthouse', size: '64x64' } as ImageRequest
  await expect(provider.generate(request, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'aborted',
  })
  await provider.close?.()
})
